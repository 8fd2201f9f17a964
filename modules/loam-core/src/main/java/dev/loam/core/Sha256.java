package dev.loam.core;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of byte strings one after the other: lengths are the caller's concern. */
final class Sha256 {
    private Sha256() {}

    static Bytes of(Bytes... strings) {
        MessageDigest digest = start();
        for (Bytes bytes : strings) {
            digest.update(bytes.asBuffer());
        }
        return Bytes.adopt(digest.digest());
    }

    private static MessageDigest start() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }
}

package dev.loam.core;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256 of byte strings one after the other: lengths are the caller's concern. An instance may be
 * used again and again, by one thread: to find the algorithm takes as long as a short hash.
 */
final class Sha256 {
    private final MessageDigest digest;

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }

    static Bytes of(Bytes... strings) {
        return new Sha256().hash(strings);
    }

    Bytes hash(Bytes... strings) {
        for (Bytes bytes : strings) {
            bytes.addTo(digest);
        }
        return Bytes.adopt(digest.digest());
    }
}

package dev.loam.index;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, for terms that would be too long as they are. */
final class Sha256 {
    private Sha256() {}

    static byte[] of(byte[] message) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(message);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }
}

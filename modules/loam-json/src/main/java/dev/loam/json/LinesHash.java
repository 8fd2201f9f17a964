package dev.loam.json;

import dev.loam.core.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of lines in UTF-8, each with one line feed behind it. For one thread. */
final class LinesHash {
    private final MessageDigest sha256;

    LinesHash() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }

    void add(String line) {
        sha256.update(line.getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) '\n');
    }

    /** In hexadecimal; once. */
    String end() {
        return Bytes.adopt(sha256.digest()).toHex();
    }
}

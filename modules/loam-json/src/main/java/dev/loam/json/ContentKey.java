package dev.loam.json;

import dev.loam.core.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A key made of content: the first 16 bytes of its SHA-256 in hexadecimal. */
final class ContentKey {
    private static final int HASH_BYTES = 16;

    private ContentKey() {}

    static String of(String content) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return Bytes.adopt(sha256.digest(content.getBytes(StandardCharsets.UTF_8)))
                    .toShortHex(HASH_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }
}

package dev.loam.crypto;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32C;

/**
 * A key as people copy it and scanners find it: {@value #PREFIX}, then 48 characters of base64url
 * over the key and four bytes of checksum, so that one that was mistyped or cut is told from a
 * wrong one. Never a {@code String}.
 */
public final class KeyText {
    /** With what every key begins. */
    public static final String PREFIX = "loamkey1-";

    private static final String ALPHABET = "it is of letters, digits, - and _ only";
    private static final int CHECKSUM_BYTES = Integer.BYTES;
    private static final int CHARS = (Suite.KEY_BYTES + CHECKSUM_BYTES) * 8 / 6;
    private static final byte[] START = PREFIX.getBytes(StandardCharsets.US_ASCII);

    private KeyText() {}

    /**
     * The text, in ASCII. To be closed.
     *
     * @param key of {@link Suite#KEY_BYTES} bytes
     */
    public static Secret encode(Secret key) {
        return key.with(
                bytes -> {
                    byte[] all = Arrays.copyOf(bytes, bytes.length + CHECKSUM_BYTES);
                    writeChecksum(all);
                    byte[] encoded = Base64.getUrlEncoder().withoutPadding().encode(all);
                    byte[] text = Arrays.copyOf(START, START.length + encoded.length);
                    System.arraycopy(encoded, 0, text, START.length, encoded.length);
                    Arrays.fill(all, (byte) 0);
                    Arrays.fill(encoded, (byte) 0);
                    return Secret.take(text);
                });
    }

    /** Whether the text is meant as a key: it begins as one. */
    public static boolean isOne(Secret text) {
        return text.with(
                bytes ->
                        bytes.length >= START.length
                                && Arrays.equals(bytes, 0, START.length, START, 0, START.length));
    }

    /**
     * The key. To be closed.
     *
     * @param text in ASCII; line ends behind it do not count
     * @throws LoamException {@code KEY_MALFORMED} if it is not whole, or was mistyped
     */
    public static Secret decode(Secret text) {
        if (!isOne(text)) {
            throw malformed("it begins with " + PREFIX);
        }
        return text.with(
                bytes -> {
                    int end = bytes.length;
                    while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
                        end--;
                    }
                    if (end != START.length + CHARS) {
                        throw malformed("it has " + (START.length + CHARS) + " characters");
                    }
                    byte[] all;
                    byte[] encoded = Arrays.copyOfRange(bytes, START.length, end);
                    try {
                        all = Base64.getUrlDecoder().decode(encoded);
                    } catch (IllegalArgumentException other) {
                        // The cause is dropped: its message may quote the key.
                        throw malformed(ALPHABET);
                    } finally {
                        Arrays.fill(encoded, (byte) 0);
                    }
                    if (all.length != Suite.KEY_BYTES + CHECKSUM_BYTES) {
                        // The decoder takes padding at the end for nothing.
                        Arrays.fill(all, (byte) 0);
                        throw malformed(ALPHABET);
                    }
                    byte[] expected = all.clone();
                    writeChecksum(expected);
                    boolean isWhole = Arrays.equals(all, expected);
                    Secret key = Secret.take(Arrays.copyOf(all, Suite.KEY_BYTES));
                    Arrays.fill(all, (byte) 0);
                    Arrays.fill(expected, (byte) 0);
                    if (!isWhole) {
                        key.close();
                        throw malformed("its last characters are a checksum of the others");
                    }
                    return key;
                });
    }

    /** Behind the key. */
    private static void writeChecksum(byte[] all) {
        CRC32C checksum = new CRC32C();
        checksum.update(START);
        checksum.update(all, 0, Suite.KEY_BYTES);
        for (int i = 0; i < CHECKSUM_BYTES; i++) {
            all[Suite.KEY_BYTES + i] = (byte) (checksum.getValue() >>> (8 * i));
        }
    }

    private static LoamException malformed(String why) {
        return new LoamException(
                ErrorCode.KEY_MALFORMED, "this is not a whole key: " + why + "; copy it again");
    }
}

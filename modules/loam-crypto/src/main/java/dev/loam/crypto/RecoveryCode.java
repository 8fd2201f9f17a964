package dev.loam.crypto;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * A secret for paper: 160 random bits and 20 of a checksum in Crockford's base 32, which has no
 * letters that look like digits, in six groups of six. Case, spaces and hyphens do not count when
 * it is read back, and I, L and O pass for the digits that they look like. Never a {@code String}.
 */
public final class RecoveryCode {
    private static final int SECRET_BYTES = 20;
    private static final int BITS_EACH = 5;
    private static final int SECRET_CHARS = SECRET_BYTES * 8 / BITS_EACH;
    private static final int CHECK_CHARS = 4;
    private static final int CHARS = SECRET_CHARS + CHECK_CHARS;
    private static final int GROUP_CHARS = 6;
    private static final byte[] DIGITS =
            "0123456789ABCDEFGHJKMNPQRSTVWXYZ".getBytes(StandardCharsets.US_ASCII);
    private static final String LABEL = "recovery";

    private RecoveryCode() {}

    /** A new one, in ASCII. To be shown once, and closed. */
    public static Secret generate(SecureRandom random) {
        try (Secret secret = Secret.random(random, SECRET_BYTES)) {
            return secret.with(RecoveryCode::text);
        }
    }

    private static Secret text(byte[] secret) {
        byte[] digits = new byte[CHARS];
        spread(secret, digits, SECRET_CHARS);
        System.arraycopy(check(secret), 0, digits, SECRET_CHARS, CHECK_CHARS);
        byte[] text = new byte[CHARS + CHARS / GROUP_CHARS - 1];
        int at = 0;
        for (int i = 0; i < CHARS; i++) {
            if (i > 0 && i % GROUP_CHARS == 0) {
                text[at++] = '-';
            }
            text[at++] = DIGITS[digits[i]];
        }
        Arrays.fill(digits, (byte) 0);
        return Secret.take(text);
    }

    /** Digits of five bits each, the first ones first. */
    private static void spread(byte[] bytes, byte[] digits, int count) {
        for (int i = 0; i < count; i++) {
            int digit = 0;
            for (int bit = i * BITS_EACH; bit < (i + 1) * BITS_EACH; bit++) {
                digit = (digit << 1) | ((bytes[bit / 8] >> (7 - bit % 8)) & 1);
            }
            digits[i] = (byte) digit;
        }
    }

    private static byte[] check(byte[] secret) {
        try {
            byte[] digits = new byte[CHECK_CHARS];
            spread(MessageDigest.getInstance("SHA-256").digest(secret), digits, CHECK_CHARS);
            return digits;
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }

    /**
     * The key that a code stands for. To be closed.
     *
     * @param code as somebody typed it
     * @throws LoamException {@code KEY_MALFORMED} if it is not whole, or was mistyped
     */
    public static Secret key(Secret code) {
        return code.with(
                text -> {
                    byte[] digits = digits(text);
                    byte[] secret = new byte[SECRET_BYTES];
                    for (int bit = 0; bit < SECRET_BYTES * 8; bit++) {
                        int value = digits[bit / BITS_EACH] >> (BITS_EACH - 1 - bit % BITS_EACH);
                        secret[bit / 8] |= (byte) ((value & 1) << (7 - bit % 8));
                    }
                    boolean isWhole =
                            Arrays.equals(
                                    digits, SECRET_CHARS, CHARS, check(secret), 0, CHECK_CHARS);
                    Arrays.fill(digits, (byte) 0);
                    try (Secret material = Secret.take(secret)) {
                        if (!isWhole) {
                            throw malformed("a character is wrong");
                        }
                        return KeyDerivation.derive(material, Bytes.EMPTY, LABEL, Bytes.EMPTY);
                    }
                });
    }

    private static byte[] digits(byte[] text) {
        byte[] digits = new byte[CHARS];
        int count = 0;
        for (byte each : text) {
            if (each == '-' || Character.isWhitespace(each)) {
                continue;
            }
            int digit = digit(each);
            if (digit < 0 || count == CHARS) {
                Arrays.fill(digits, (byte) 0);
                throw malformed(digit < 0 ? "it has a character that none has" : "it is too long");
            }
            digits[count++] = (byte) digit;
        }
        if (count < CHARS) {
            Arrays.fill(digits, (byte) 0);
            throw malformed("it has " + count + " of " + CHARS + " characters");
        }
        return digits;
    }

    private static int digit(byte typed) {
        byte upper = (byte) Character.toUpperCase(typed);
        byte meant =
                switch (upper) {
                    case 'O' -> '0';
                    case 'I', 'L' -> '1';
                    default -> upper;
                };
        for (int i = 0; i < DIGITS.length; i++) {
            if (DIGITS[i] == meant) {
                return i;
            }
        }
        return -1;
    }

    private static LoamException malformed(String why) {
        return new LoamException(
                ErrorCode.KEY_MALFORMED,
                "this is not a whole recovery code: " + why + "; type it again as it was printed");
    }
}

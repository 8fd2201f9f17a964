package dev.loam.crypto;

import dev.loam.core.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Function;
import javax.crypto.Mac;

/**
 * Keys made of keys: HKDF-SHA256 (RFC 5869). What a key is for stands in its label, so that none
 * serves for two things; what it belongs to, in the context.
 */
public final class KeyDerivation {
    /** Size of a commitment, in bytes. */
    public static final int COMMITMENT_BYTES = 32;

    private static final String PREFIX = "loam/v1/";
    private static final String COMMIT = "commit";
    private static final String HMAC = "HmacSHA256";

    private KeyDerivation() {}

    /**
     * A key of {@link Suite#KEY_BYTES} bytes.
     *
     * @param salt of any length, empty for none
     */
    public static Secret derive(Secret key, Bytes salt, String label, Bytes context) {
        return Secret.take(expand(key, salt, label, context));
    }

    /** Lends such a key, which is overwritten when {@code use} returns: it must keep none. */
    static <R> R with(
            Secret key, Bytes salt, String label, Bytes context, Function<byte[], R> use) {
        byte[] derived = expand(key, salt, label, context);
        try {
            return use.apply(derived);
        } finally {
            Arrays.fill(derived, (byte) 0);
        }
    }

    /** 32 bytes that nobody without the key makes for this text. */
    public static Bytes authenticate(Secret key, Bytes salt, String label, Bytes text) {
        return with(key, salt, label, text, Bytes::copyOf);
    }

    /** Whether they were made so; the time does not tell where the two differ. */
    static boolean isAuthentic(Secret key, Bytes salt, String label, Bytes text, Bytes code) {
        return with(
                key,
                salt,
                label,
                text,
                expected -> MessageDigest.isEqual(expected, code.toArray()));
    }

    /**
     * What tells a wrong key from altered bytes before anything is opened: neither AES-GCM nor AES
     * key wrapping does. It gives nothing of the key away, and is stored in clear.
     */
    public static Bytes commitment(Secret key, Bytes salt, Bytes context) {
        return Bytes.adopt(expand(key, salt, COMMIT, context));
    }

    /** Whether the commitment is that of the key; the time does not tell where the two differ. */
    public static boolean isOf(Secret key, Bytes salt, Bytes context, Bytes commitment) {
        return MessageDigest.isEqual(
                commitment(key, salt, context).toArray(), commitment.toArray());
    }

    /**
     * Extract, then one block of expand. Not the JDK's own, which leaves what it extracts, as good
     * as the key, on the heap.
     */
    private static byte[] expand(Secret key, Bytes salt, String label, Bytes context) {
        byte[] info = info(label, context);
        byte[] extracted = key.with(material -> hmac(salt.toArray(), material));
        return hmac(extracted, info);
    }

    /**
     * No key at all is as good as one of zeros.
     *
     * @param key overwritten with zeros by this call
     */
    private static byte[] hmac(byte[] key, byte[] text) {
        RawKey raw = new RawKey(HMAC, key.length == 0 ? new byte[COMMITMENT_BYTES] : key);
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(raw);
            byte[] code = mac.doFinal(text);
            raw.destroy();
            // What it made of the key goes with the next one, which is of zeros now.
            mac.init(raw);
            return code;
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("every JDK has " + HMAC, impossible);
        } finally {
            raw.destroy();
        }
    }

    /** No label ends as another one's context begins: none has a zero byte. */
    private static byte[] info(String label, Bytes context) {
        byte[] name = (PREFIX + label).getBytes(StandardCharsets.US_ASCII);
        byte[] info = new byte[name.length + 1 + context.size() + 1];
        System.arraycopy(name, 0, info, 0, name.length);
        context.copyTo(info, name.length + 1);
        // Behind it the number of the block, of which there is one.
        info[info.length - 1] = 1;
        return info;
    }
}

package dev.loam.crypto;

import dev.loam.core.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Function;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Keys made of keys: HKDF-SHA256 (RFC 5869). What a key is for stands in its label, so that none
 * serves for two things; what it belongs to, in the context.
 */
public final class KeyDerivation {
    /** Size of a commitment, in bytes. */
    public static final int COMMITMENT_BYTES = 32;

    private static final String PREFIX = "loam/v1/";
    private static final String COMMIT = "commit";

    private KeyDerivation() {}

    /**
     * A key of {@link Suite#KEY_BYTES} bytes.
     *
     * @param salt of any length, empty for none
     */
    public static Secret derive(Secret key, Bytes salt, String label, Bytes context) {
        return Secret.take(expand(key, salt, label, context, Suite.KEY_BYTES));
    }

    /** Lends such a key, which is overwritten when {@code use} returns: it must keep none. */
    static <R> R with(
            Secret key, Bytes salt, String label, Bytes context, Function<byte[], R> use) {
        byte[] derived = expand(key, salt, label, context, Suite.KEY_BYTES);
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
        return Bytes.adopt(expand(key, salt, COMMIT, context, COMMITMENT_BYTES));
    }

    /** Whether the commitment is that of the key; the time does not tell where the two differ. */
    public static boolean isOf(Secret key, Bytes salt, Bytes context, Bytes commitment) {
        return MessageDigest.isEqual(
                commitment(key, salt, context).toArray(), commitment.toArray());
    }

    private static byte[] expand(Secret key, Bytes salt, String label, Bytes context, int length) {
        byte[] info = info(label, context);
        return key.with(
                material -> {
                    try {
                        HKDFParameterSpec.Builder extract =
                                HKDFParameterSpec.ofExtract().addIKM(material);
                        if (salt.size() > 0) {
                            extract.addSalt(salt.toArray());
                        }
                        return KDF.getInstance("HKDF-SHA256")
                                .deriveData(extract.thenExpand(info, length));
                    } catch (GeneralSecurityException impossible) {
                        throw new AssertionError("every JDK 25 has HKDF-SHA256", impossible);
                    }
                });
    }

    /** No label ends as another one's context begins: none has a zero byte. */
    private static byte[] info(String label, Bytes context) {
        byte[] name = (PREFIX + label).getBytes(StandardCharsets.US_ASCII);
        byte[] info = new byte[name.length + 1 + context.size()];
        System.arraycopy(name, 0, info, 0, name.length);
        context.copyTo(info, name.length + 1);
        return info;
    }
}

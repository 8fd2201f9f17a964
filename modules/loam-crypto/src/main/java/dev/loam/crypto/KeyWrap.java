package dev.loam.crypto;

import dev.loam.core.Bytes;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.Cipher;

/** A key under another key: AES key wrapping, RFC 3394. */
final class KeyWrap {
    /** By how much a wrapped key is longer than the key, in bytes. */
    static final int OVERHEAD_BYTES = 8;

    private KeyWrap() {}

    static Bytes wrap(Secret by, Secret key) {
        return by.with(
                wrapping ->
                        key.with(
                                content -> {
                                    try {
                                        return Bytes.adopt(
                                                cipher(Cipher.ENCRYPT_MODE, wrapping)
                                                        .doFinal(content));
                                    } catch (GeneralSecurityException impossible) {
                                        throw new AssertionError("wrapping failed", impossible);
                                    }
                                }));
    }

    /** Empty if the wrapping key is another one, or the bytes are not what was wrapped. */
    static Optional<Secret> unwrap(Secret by, Bytes wrapped) {
        return by.with(
                wrapping -> {
                    try {
                        Cipher cipher = cipher(Cipher.DECRYPT_MODE, wrapping);
                        return Optional.of(Secret.take(cipher.doFinal(wrapped.toArray())));
                    } catch (GeneralSecurityException altered) {
                        return Optional.empty();
                    }
                });
    }

    private static Cipher cipher(int mode, byte[] key) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/KW/NoPadding");
        RawKey wrapping = new RawKey("AES", key.clone());
        try {
            cipher.init(mode, wrapping);
            return cipher;
        } finally {
            wrapping.destroy();
        }
    }
}

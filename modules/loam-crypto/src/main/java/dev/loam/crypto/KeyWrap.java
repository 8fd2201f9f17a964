package dev.loam.crypto;

import dev.loam.core.Bytes;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.Cipher;

/** A key under another key: AES key wrapping, RFC 3394. Keys that are lent to it stay untouched. */
final class KeyWrap {
    /** By how much a wrapped key is longer than the key, in bytes. */
    static final int OVERHEAD_BYTES = 8;

    private KeyWrap() {}

    static Bytes wrap(Secret by, Secret key) {
        return by.with(wrapping -> key.with(content -> wrap(wrapping, content)));
    }

    static Bytes wrap(byte[] by, byte[] content) {
        try {
            return Bytes.adopt(run(Cipher.ENCRYPT_MODE, by, content));
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("wrapping failed", impossible);
        }
    }

    /** Empty if the wrapping key is another one, or the bytes are not what was wrapped. */
    static Optional<Secret> unwrap(Secret by, Bytes wrapped) {
        return by.with(wrapping -> unwrap(wrapping, wrapped, Secret::take));
    }

    /** Lends what was wrapped, and overwrites it. */
    static <R> Optional<R> unwrap(byte[] by, Bytes wrapped, Function<byte[], R> use) {
        byte[] content;
        try {
            content = run(Cipher.DECRYPT_MODE, by, wrapped.toArray());
        } catch (GeneralSecurityException altered) {
            return Optional.empty();
        }
        try {
            return Optional.of(use.apply(content));
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    private static byte[] run(int mode, byte[] key, byte[] input) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/KW/NoPadding");
        RawKey wrapping = new RawKey("AES", key.clone());
        try {
            cipher.init(mode, wrapping);
            return cipher.doFinal(input);
        } finally {
            wrapping.destroy();
            // What the cipher made of the key goes with the next one, which is of zeros now.
            cipher.init(mode, wrapping);
        }
    }
}

package dev.loam.crypto;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.util.stream.Stream;

/**
 * An authenticated cipher that seals a store's bytes, chosen when the store is made. Keys of 256
 * bits, nonces of 96, tags of 128: RFC 5116, section 5.2, and RFC 8439.
 */
public enum Suite {
    /** For processors with AES instructions, which is nearly all. */
    AES_256_GCM(1, "AES/GCM/NoPadding", "AES"),

    /** For those without. */
    CHACHA20_POLY1305(2, "ChaCha20-Poly1305", "ChaCha20");

    /** Size of a key, in bytes. */
    public static final int KEY_BYTES = 32;

    /** Size of a nonce, in bytes. */
    public static final int NONCE_BYTES = 12;

    /** By how much a sealed message is longer than the message, in bytes. */
    public static final int TAG_BYTES = 16;

    private final int number;
    private final String transformation;
    private final String keyAlgorithm;

    Suite(int number, String transformation, String keyAlgorithm) {
        this.number = number;
        this.transformation = transformation;
        this.keyAlgorithm = keyAlgorithm;
    }

    /** In files; never given to another. */
    public int number() {
        return number;
    }

    /**
     * @throws LoamException {@code FORMAT_VERSION} for a number that this version does not know
     */
    public static Suite of(int number) {
        return Stream.of(values())
                .filter(each -> each.number == number)
                .findFirst()
                .orElseThrow(
                        () ->
                                new LoamException(
                                        ErrorCode.FORMAT_VERSION,
                                        "the store is sealed with suite "
                                                + number
                                                + "; this version of Loam knows the suites 1 and"
                                                + " 2. Open it with the newer version that made"
                                                + " it"));
    }

    String transformation() {
        return transformation;
    }

    String keyAlgorithm() {
        return keyAlgorithm;
    }
}

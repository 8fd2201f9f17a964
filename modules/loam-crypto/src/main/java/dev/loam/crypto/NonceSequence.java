package dev.loam.crypto;

import dev.loam.core.Invariant;
import java.nio.ByteBuffer;

/**
 * The nonces of one key: 4 bytes that name the use, then the number of the message, 8 bytes, big
 * endian. It only counts up, is never stored and never set: a key whose sequence is lost is not
 * used again. One thread at a time.
 */
final class NonceSequence {
    /** Messages under one key: NIST SP 800-38D, section 8.3, for nonces that might repeat. */
    static final long MESSAGES_MAX = 1L << 32;

    /** Bytes under one key. */
    static final long BYTES_MAX = 64L << 30;

    private final int use;
    private long messages;
    private long bytes;

    NonceSequence(int use) {
        this.use = use;
    }

    /** Whether a message of so many bytes may be sealed under the key yet. */
    boolean hasRoomFor(int length) {
        return messages < MESSAGES_MAX && bytes + length <= BYTES_MAX;
    }

    /** The number of the next message, of so many bytes. */
    long next(int length) {
        Invariant.check(hasRoomFor(length), "a key has sealed {0} messages", messages);
        bytes += length;
        return messages++;
    }

    byte[] nonce(long number) {
        return nonce(use, number);
    }

    static byte[] nonce(int use, long number) {
        return ByteBuffer.allocate(Suite.NONCE_BYTES).putInt(use).putLong(number).array();
    }
}

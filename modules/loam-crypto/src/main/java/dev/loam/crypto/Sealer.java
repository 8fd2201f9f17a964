package dev.loam.crypto;

import dev.loam.core.Bytes;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * Seals the messages of one file that is written once, front to back, under a fresh data key. Each
 * gets the next number, and no number is ever used twice: the key is made with the sealer, and
 * nobody makes a second sealer of it. One thread at a time.
 */
public final class Sealer implements AutoCloseable {
    /** By how much a sealed message is longer than the message: its number, and the tag. */
    public static final int OVERHEAD_BYTES = Long.BYTES + Suite.TAG_BYTES;

    private final Aead aead;
    private final NonceSequence nonces;

    private Sealer(Suite suite, Secret key, Use use) {
        this.aead = new Aead(suite, key);
        this.nonces = new NonceSequence(use.number());
    }

    /** What a data key is used for: the first half of its nonces, in files. */
    public enum Use {
        /** An entry of the log. */
        LOG_FRAME(1),
        /** A block of an index's file. */
        INDEX_BLOCK(2),
        /** A chunk of a backup, an export or a snapshot. */
        CHUNK(3),
        /** A small file, which is one message. */
        SMALL_FILE(4);

        private final int number;

        Use(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    /**
     * A sealer and the key that opens what it seals.
     *
     * @param key the caller's to close, once it is wrapped and stored
     */
    public record Fresh(Sealer sealer, Secret key) {}

    /** With a new key, of which this is the only sealer there will ever be. */
    public static Fresh fresh(Suite suite, SecureRandom random, Use use) {
        Secret key = Secret.random(random, Suite.KEY_BYTES);
        return new Fresh(new Sealer(suite, key, use), key);
    }

    /** Whether a message of so many bytes may be sealed yet; if not, the file has to end. */
    public boolean hasRoomFor(int length) {
        return nonces.hasRoomFor(length);
    }

    /**
     * The message's number, 8 bytes, the message sealed, its tag.
     *
     * @param associated what is not sealed, and must be the same when it is opened
     */
    public Bytes seal(Bytes associated, Bytes message) {
        long number = nonces.next(message.size());
        byte[] plain = message.toArray();
        byte[] sealed = aead.seal(nonces.nonce(number), associated, plain, 0, plain.length);
        byte[] all = new byte[Long.BYTES + sealed.length];
        ByteBuffer.wrap(all).putLong(number);
        System.arraycopy(sealed, 0, all, Long.BYTES, sealed.length);
        return Bytes.adopt(all);
    }

    /**
     * As {@link #seal(Bytes, Bytes)}, into the beginning of {@code sealed}, which has room for
     * {@link #OVERHEAD_BYTES} more than the message.
     *
     * @param message of which the first {@code length} bytes are sealed
     */
    public void seal(byte[] associated, byte[] message, int length, byte[] sealed) {
        long number = nonces.next(length);
        ByteBuffer target = ByteBuffer.wrap(sealed).putLong(number);
        aead.seal(nonces.nonce(number), associated, ByteBuffer.wrap(message, 0, length), target);
    }

    @Override
    public void close() {
        aead.close();
    }
}

package dev.loam.crypto;

import dev.loam.core.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Opens what the {@link Sealer} of the same key has sealed. One thread at a time. */
public final class Opener implements AutoCloseable {
    private final Aead aead;
    private final Sealer.Use use;

    /** Copies the key; the caller's stays open. */
    public Opener(Suite suite, Secret key, Sealer.Use use) {
        this.aead = new Aead(suite, key);
        this.use = use;
    }

    /**
     * The message; empty if it was altered, cut or moved, or something else is associated with it
     * than was.
     */
    public Optional<Bytes> open(Bytes associated, Bytes sealed) {
        if (sealed.size() < Sealer.OVERHEAD_BYTES) {
            return Optional.empty();
        }
        byte[] all = sealed.toArray();
        long number = sealed.asBuffer().getLong();
        return aead.open(
                        NonceSequence.nonce(use.number(), number),
                        associated,
                        all,
                        Long.BYTES,
                        all.length - Long.BYTES)
                .map(Bytes::adopt);
    }

    /**
     * The same into the beginning of {@code message}; false if it does not open, and then nothing
     * in there counts.
     *
     * @param sealed of which the first {@code length} bytes are what was sealed
     */
    public boolean open(byte[] associated, byte[] sealed, int length, byte[] message) {
        if (length < Sealer.OVERHEAD_BYTES) {
            return false;
        }
        long number = ByteBuffer.wrap(sealed).getLong();
        return aead.open(
                NonceSequence.nonce(use.number(), number),
                associated,
                sealed,
                Long.BYTES,
                length - Long.BYTES,
                message);
    }

    @Override
    public void close() {
        aead.close();
    }
}

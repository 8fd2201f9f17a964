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
     * As {@link #open(Bytes, Bytes)}, into the beginning of {@code message}. False instead of
     * empty; {@code message} then holds nothing to be used.
     *
     * @param sealed of which the first {@code length} bytes are the sealed message
     */
    public boolean open(byte[] associated, byte[] sealed, int length, byte[] message) {
        if (length < Sealer.OVERHEAD_BYTES) {
            return false;
        }
        ByteBuffer source = ByteBuffer.wrap(sealed, 0, length);
        byte[] nonce = NonceSequence.nonce(use.number(), source.getLong());
        return aead.open(nonce, associated, source, ByteBuffer.wrap(message));
    }

    @Override
    public void close() {
        aead.close();
    }
}

package dev.loam.crypto;

import dev.loam.core.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * Writes one section of a stream as bytes come. Without {@link #finish} it has no end, and is
 * refused by who reads it. Closing wipes the key and leaves the target open. For one thread.
 */
public final class SectionOutput extends OutputStream {
    private final OutputStream to;
    private final SectionSealer sealer;
    private final byte[] chunk = new byte[SealedStream.CHUNK_BYTES_MAX];
    private int filled;

    private SectionOutput(OutputStream to, SectionSealer sealer) {
        this.to = to;
        this.sealer = sealer;
    }

    /** Writes the section's head; takes over the sealer. */
    public static SectionOutput begin(OutputStream to, SectionSealer sealer) throws IOException {
        try {
            to.write(sealer.head().toArray());
        } catch (IOException | RuntimeException failed) {
            sealer.close();
            throw failed;
        }
        return new SectionOutput(to, sealer);
    }

    @Override
    public void write(int next) throws IOException {
        write(new byte[] {(byte) next}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        int done = 0;
        while (done < length) {
            if (filled == chunk.length) {
                seal();
            }
            int part = Math.min(chunk.length - filled, length - done);
            System.arraycopy(source, offset + done, chunk, filled, part);
            filled += part;
            done += part;
        }
    }

    private void seal() throws IOException {
        to.write(sealer.seal(Bytes.copyOf(chunk)).toArray());
        filled = 0;
    }

    /** Writes the last chunk. Nothing may be written after. */
    public void finish() throws IOException {
        if (filled == chunk.length) {
            seal();
        }
        to.write(sealer.sealLast(Bytes.copyOf(chunk, 0, filled)).toArray());
        filled = 0;
    }

    @Override
    public void close() {
        sealer.close();
        Arrays.fill(chunk, (byte) 0);
    }
}

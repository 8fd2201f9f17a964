package dev.loam.index;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.apache.lucene.store.IndexOutput;

/** Writes a file as sealed blocks. What was not written to its end is never said to be finished. */
final class SealingStream extends OutputStream {
    private final IndexOutput stored;
    private final IndexSealing.BlockSealer sealer;
    private final LongConsumer finished;
    private final byte[] content = new byte[SealedBlocks.CONTENT_BYTES];
    private final byte[] sealed = new byte[SealedBlocks.STORED_BYTES];
    private final byte[] associated = new byte[SealedBlocks.ASSOCIATED_BYTES];

    /** Bytes of the block at hand. A full one waits, for it may be the last. */
    private int filled;

    private long blocks;
    private long contentBytes;
    private boolean isBroken;
    private boolean isClosed;

    /**
     * @param stored becomes the stream's own, as {@code sealer} does
     * @param finished told the length once all is written and closed
     */
    SealingStream(IndexOutput stored, IndexSealing.BlockSealer sealer, LongConsumer finished) {
        this.stored = stored;
        this.sealer = sealer;
        this.finished = finished;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int end = offset + length;
        while (from < end) {
            if (filled == SealedBlocks.CONTENT_BYTES) {
                seal(SealedBlocks.MORE_FOLLOWS);
            }
            int count = Math.min(end - from, SealedBlocks.CONTENT_BYTES - filled);
            System.arraycopy(bytes, from, content, filled, count);
            filled += count;
            contentBytes += count;
            from += count;
        }
    }

    private void seal(long end) throws IOException {
        if (isBroken) {
            throw new IOException("a block of " + stored.getName() + " was not written");
        }
        isBroken = true;
        SealedBlocks.associate(associated, blocks, end);
        sealer.seal(associated, content, filled, sealed);
        stored.writeBytes(sealed, 0, filled + IndexSealing.OVERHEAD_BYTES);
        isBroken = false;
        blocks++;
        filled = 0;
    }

    @Override
    public void close() throws IOException {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try (stored;
                sealer) {
            if (!isBroken) {
                seal(contentBytes);
            }
        } finally {
            Arrays.fill(content, (byte) 0);
        }
        if (!isBroken) {
            finished.accept(contentBytes);
        }
    }
}

package dev.loam.index;

import java.nio.ByteBuffer;

/**
 * How a file's content becomes blocks: docs/formats/index-seal.md. Every file has a last block,
 * which says so and how long the file is; that of an empty file is empty, no other is.
 */
final class SealedBlocks {
    /** Content of every block but the last, which may have less. */
    static final int CONTENT_BYTES = 4_096;

    static final int STORED_BYTES = CONTENT_BYTES + IndexSealing.OVERHEAD_BYTES;

    static final int ASSOCIATED_BYTES = 2 * Long.BYTES;

    /** Stands where the last block has the file's length. */
    static final long MORE_FOLLOWS = -1;

    private SealedBlocks() {}

    static long count(long contentBytes) {
        return contentBytes == 0 ? 1 : (contentBytes - 1) / CONTENT_BYTES + 1;
    }

    /** What a file of so much content takes. */
    static long storedBytes(long contentBytes) {
        return contentBytes + count(contentBytes) * IndexSealing.OVERHEAD_BYTES;
    }

    /**
     * Writes into {@code associated} what a block is bound to beside its file's key.
     *
     * @param end the file's length in its last block, else {@link #MORE_FOLLOWS}
     */
    static void associate(byte[] associated, long block, long end) {
        ByteBuffer.wrap(associated).putLong(block).putLong(end);
    }
}

package dev.loam.crypto;

import dev.loam.core.Bytes;
import dev.loam.core.Checksummed;
import dev.loam.core.LoamException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Opens one section of a stream, chunk by chunk in their order. What it gives is what was sealed;
 * that nothing is missing at the end is known only when {@link #hasEnded}. One thread at a time.
 */
public final class SectionOpener implements AutoCloseable {
    /** What stands before the chunks. */
    public static final int HEAD_BYTES =
            Suite.KEY_BYTES + KeyWrap.OVERHEAD_BYTES + Checksummed.BYTES;

    /** What has to be read to know how long a chunk is. */
    public static final int CHUNK_PREFIX_BYTES = Integer.BYTES;

    /** In a chunk's length: no other follows. */
    static final int LAST = 1 << 31;

    private final Opener opener;
    private final long number;
    private long expected;
    private boolean ended;

    SectionOpener(Opener opener, long number) {
        this.opener = opener;
        this.number = number;
    }

    static Bytes wrappedKey(Bytes head) {
        if (head.size() != HEAD_BYTES || !Checksummed.isWhole(head)) {
            throw StreamHeader.corrupt("the head of a section is wrong");
        }
        return head.slice(0, HEAD_BYTES - Checksummed.BYTES);
    }

    /**
     * How many bytes a chunk has as it is stored, its prefix among them.
     *
     * @param prefix its first {@link #CHUNK_PREFIX_BYTES}
     * @throws LoamException {@code CORRUPT} if no chunk has that length
     */
    public int chunkSize(Bytes prefix) {
        int length = length(prefix) & ~LAST;
        int content = length - Sealer.OVERHEAD_BYTES;
        if (content < 1 || content > SealedStream.CHUNK_BYTES_MAX) {
            throw StreamHeader.corrupt("a chunk has " + length + " bytes");
        }
        return CHUNK_PREFIX_BYTES + length + Checksummed.BYTES;
    }

    private static int length(Bytes chunk) {
        return chunk.asBuffer().order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    /**
     * The content of the next chunk.
     *
     * @param stored all of it, {@link #chunkSize} bytes
     * @throws LoamException {@code CORRUPT} if it is damaged; {@code TAMPERED} if it is not the
     *     next one of this section
     */
    public Bytes open(Bytes stored) {
        if (ended) {
            throw StreamHeader.corrupt("there is something after its last chunk");
        }
        if (stored.size() < CHUNK_PREFIX_BYTES
                || stored.size() != chunkSize(stored)
                || !Checksummed.isWhole(stored)) {
            throw StreamHeader.corrupt("the checksum of chunk " + expected + " is wrong");
        }
        boolean last = (length(stored) & LAST) != 0;
        Bytes message = stored.slice(CHUNK_PREFIX_BYTES, stored.size() - Checksummed.BYTES);
        ByteBuffer said = message.asBuffer();
        if (said.getLong() != expected) {
            throw StreamHeader.tampered("chunk " + expected + " is missing or elsewhere");
        }
        Bytes content =
                opener.open(SealedStream.associated(number, last), message)
                        .orElseThrow(
                                () -> StreamHeader.tampered("chunk " + expected + " was changed"));
        expected++;
        ended = last;
        return last ? unpadded(content) : content;
    }

    private static Bytes unpadded(Bytes content) {
        int end = content.size() - 1;
        while (end >= 0 && content.get(end) == 0) {
            end--;
        }
        if (end < 0 || content.get(end) != SectionSealer.END) {
            throw StreamHeader.corrupt("its last chunk has no end");
        }
        return content.slice(0, end);
    }

    /** Whether the last chunk was opened. */
    public boolean hasEnded() {
        return ended;
    }

    @Override
    public void close() {
        opener.close();
    }
}

package dev.loam.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A part of a file that a thread of its own reads. Its buffer has room before that part, for the
 * rest of what is being looked at meanwhile.
 */
final class ReadAhead {
    /** Before the part that is read. */
    static final int ROOM_BYTES = 64 << 10;

    private static final int PART_BYTES = 256 << 10;

    private final long end;
    private final byte[] buffer;
    private final CompletableFuture<Integer> bytes;

    /**
     * @param offset a multiple of a page
     * @param limit offset in the file behind which no page is read
     * @param spare is written to, if it is large enough
     */
    ReadAhead(FileChannel channel, long offset, long limit, byte[] spare) {
        int page = SegmentWindow.PAGE_BYTES;
        int length = (int) Math.min(PART_BYTES, (limit - offset + page - 1) / page * page);
        this.end = offset + length;
        this.buffer = spare.length < ROOM_BYTES + length ? new byte[ROOM_BYTES + length] : spare;
        this.bytes =
                CompletableFuture.supplyAsync(
                        () -> read(channel, offset, buffer, length), Thread::startVirtualThread);
    }

    private static int read(FileChannel channel, long offset, byte[] buffer, int length) {
        try {
            return SegmentWindow.fill(channel, offset, ByteBuffer.wrap(buffer, ROOM_BYTES, length));
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /** Offset in the file behind the part. */
    long end() {
        return end;
    }

    byte[] buffer() {
        return buffer;
    }

    /** How many bytes were read; 0 also where that failed: whoever reads again meets the fault. */
    int await() {
        try {
            return bytes.join();
        } catch (CompletionException readAgain) {
            return 0;
        }
    }
}

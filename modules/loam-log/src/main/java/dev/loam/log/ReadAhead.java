package dev.loam.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A part of a file that a thread of its own reads, or whoever needs it first: the application may
 * keep every carrier of virtual threads busy, and reading must go on. Its buffer has room before
 * that part, for the rest of what is being looked at meanwhile.
 */
final class ReadAhead {
    /** Before the part that is read. */
    static final int ROOM_BYTES = 64 << 10;

    private static final int PART_BYTES = 256 << 10;

    private final long end;
    private final FileChannel channel;
    private final long offset;
    private final int length;
    private final byte[] buffer;
    private final AtomicBoolean isBegun = new AtomicBoolean();
    private final CompletableFuture<Integer> bytes = new CompletableFuture<>();

    /**
     * @param offset a multiple of a page
     * @param limit offset in the file behind which no page is read
     * @param spare is written to, if it is large enough
     */
    ReadAhead(FileChannel channel, long offset, long limit, byte[] spare) {
        int page = SegmentWindow.PAGE_BYTES;
        this.channel = channel;
        this.offset = offset;
        this.length = (int) Math.min(PART_BYTES, (limit - offset + page - 1) / page * page);
        this.end = offset + length;
        this.buffer = spare.length < ROOM_BYTES + length ? new byte[ROOM_BYTES + length] : spare;
    }

    /** Lets a thread read. */
    ReadAhead begin() {
        Thread.startVirtualThread(this::readOnce);
        return this;
    }

    private void readOnce() {
        if (isBegun.getAndSet(true)) {
            return;
        }
        int count = 0;
        try {
            count =
                    SegmentWindow.fill(
                            channel, offset, ByteBuffer.wrap(buffer, ROOM_BYTES, length));
        } catch (IOException readAgain) {
            count = 0;
        } finally {
            bytes.complete(count);
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
        readOnce();
        return bytes.join();
    }
}

package dev.loam.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A copied part of a file. Nothing is mapped: a mapping of a file that is cut kills the JVM, and
 * bytes that are summed must not change between the sum and the use. Offsets and lengths of reads
 * are multiples of a page, so that a channel past the page cache can be read too.
 *
 * <p>Whoever walks on from one window into the next finds that one read already, by another thread:
 * copying from the page cache takes about as long as checking what was copied.
 */
final class SegmentWindow {
    static final int PAGE_BYTES = 4096;

    /** One that is read while another waits to be looked at. */
    private static final int PARTS_AHEAD = 2;

    private final FileChannel channel;
    private byte[] buffer = new byte[0];

    /** Where in the buffer the window begins. */
    private int startIndex;

    /** Where in the file it begins. */
    private long start;

    private int filled;
    private long limit;
    private int readAheadBytes;

    /** What is being read, in the order of the file; each begins where the one before ends. */
    private final Deque<ReadAhead> ahead = new ArrayDeque<>(PARTS_AHEAD);

    /** Takes what is read ahead next. */
    private byte[] spare = new byte[0];

    /**
     * @param limit offset behind which nothing is read ahead
     * @param readAheadBytes of a window; 0 if only what is asked for is to be read
     */
    SegmentWindow(FileChannel channel, long limit, int readAheadBytes) {
        this.channel = channel;
        this.limit = limit;
        this.readAheadBytes = readAheadBytes;
    }

    /** Forgets what was read: the file has grown. */
    void invalidate(long limitNow, int readAheadBytesNow) {
        filled = 0;
        ahead.clear();
        limit = limitNow;
        readAheadBytes = readAheadBytesNow;
    }

    /**
     * Whether the file has {@code length} bytes at {@code offset}; if so they are in the window.
     */
    boolean has(long offset, int length) throws IOException {
        if (isWithin(offset, length)) {
            return true;
        }
        boolean isWalk = offset >= start && offset <= start + filled && filled > 0;
        if (!isWalk || !take(offset) || !isWithin(offset, length)) {
            ahead.clear();
            read(offset, length);
        }
        if (isWalk && readAheadBytes > 0) {
            readOn();
        }
        return isWithin(offset, length);
    }

    private boolean isWithin(long offset, int length) {
        return offset >= start && offset + length <= start + filled;
    }

    /** Moves on to what was read ahead, with what the window has from {@code offset} on. */
    private boolean take(long offset) {
        ReadAhead next = ahead.poll();
        int rest = Math.toIntExact(start + filled - offset);
        if (next == null || rest > ReadAhead.ROOM_BYTES) {
            return false;
        }
        int bytes = next.await();
        if (bytes == 0) {
            return false;
        }
        int restIndex = ReadAhead.ROOM_BYTES - rest;
        System.arraycopy(buffer, indexOf(offset), next.buffer(), restIndex, rest);
        spare = buffer;
        buffer = next.buffer();
        startIndex = restIndex;
        start = offset;
        filled = rest + bytes;
        if (start + filled < next.end()) {
            // The file ends within it; what was read behind that does not follow.
            ahead.clear();
        }
        return true;
    }

    private void readOn() {
        long end = ahead.isEmpty() ? start + filled : ahead.getLast().end();
        while (ahead.size() < PARTS_AHEAD && end < limit && end % PAGE_BYTES == 0) {
            ReadAhead part = new ReadAhead(channel, end, limit, spare).begin();
            spare = new byte[0];
            ahead.add(part);
            end = part.end();
        }
    }

    private void read(long offset, int length) throws IOException {
        start = offset - offset % PAGE_BYTES;
        startIndex = 0;
        long ahead = Math.min(readAheadBytes, limit - start);
        long wanted = Math.max(offset + length - start, ahead);
        int bytes = Math.toIntExact((wanted + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES);
        if (buffer.length < bytes) {
            buffer = new byte[bytes];
        }
        filled = 0;
        filled = fill(channel, start, ByteBuffer.wrap(buffer, 0, bytes));
    }

    /** Reads up to the end of the file or of the target, and says how much that was. */
    static int fill(FileChannel channel, long offset, ByteBuffer target) throws IOException {
        int from = target.position();
        int filled = 0;
        while (target.hasRemaining()) {
            int count = channel.read(target, offset + filled);
            if (count <= 0) {
                break;
            }
            filled += count;
            if (filled % PAGE_BYTES != 0) {
                if (offset + filled >= channel.size()) {
                    break;
                }
                filled -= filled % PAGE_BYTES;
                target.position(from + filled);
            }
        }
        return filled;
    }

    byte[] buffer() {
        return buffer;
    }

    /** Where in {@link #buffer} the byte at {@code offset} of the file is. */
    int indexOf(long offset) {
        return startIndex + (int) (offset - start);
    }
}

package dev.loam.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A copied part of a file. Nothing is mapped: a mapping of a file that is cut kills the JVM, and
 * bytes that are summed must not change between the sum and the use. Offsets and lengths of reads
 * are multiples of a page, so that a channel past the page cache can be read too.
 */
final class SegmentWindow {
    static final int PAGE_BYTES = 4096;

    private final FileChannel channel;
    private byte[] buffer = new byte[0];
    private long start;
    private int filled;
    private long limit;
    private int readAheadBytes;

    /**
     * @param limit offset behind which nothing is read ahead
     */
    SegmentWindow(FileChannel channel, long limit, int readAheadBytes) {
        this.channel = channel;
        this.limit = limit;
        this.readAheadBytes = readAheadBytes;
    }

    /** Forgets what was read: the file has grown. */
    void invalidate(long limitNow, int readAheadBytesNow) {
        filled = 0;
        limit = limitNow;
        readAheadBytes = readAheadBytesNow;
    }

    /**
     * Whether the file has {@code length} bytes at {@code offset}; if so they are in the window.
     */
    boolean has(long offset, int length) throws IOException {
        if (offset >= start && offset + length <= start + filled) {
            return true;
        }
        start = offset - offset % PAGE_BYTES;
        long ahead = Math.min(readAheadBytes, limit - start);
        long wanted = Math.max(offset + length - start, ahead);
        int bytes = Math.toIntExact((wanted + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES);
        if (buffer.length < bytes) {
            buffer = new byte[bytes];
        }
        filled = 0;
        ByteBuffer target = ByteBuffer.wrap(buffer, 0, bytes);
        while (target.hasRemaining()) {
            int count = channel.read(target, start + filled);
            if (count <= 0) {
                break;
            }
            filled += count;
            if (filled % PAGE_BYTES != 0) {
                if (start + filled >= channel.size()) {
                    break;
                }
                filled -= filled % PAGE_BYTES;
                target.position(filled);
            }
        }
        return offset + length <= start + filled;
    }

    byte[] buffer() {
        return buffer;
    }

    /** Where in {@link #buffer} the byte at {@code offset} of the file is. */
    int indexOf(long offset) {
        return (int) (offset - start);
    }
}

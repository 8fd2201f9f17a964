package dev.loam.log;

import dev.loam.core.Bytes;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Walks the good frames of one segment file, forwards.
 *
 * <p>The file is a chain of documents: a word (bit 31 unfinished, bit 30 Chronicle's own, the rest
 * a length), the content, padding to a multiple of 4. Words are only a hint, since nothing protects
 * them: what counts is a frame's own checksum. Where the words lead anywhere else than to the frame
 * of the expected position, the file is searched, from the end of the last good frame, for the next
 * frame that is sound and not older. So a damaged byte costs the frame that holds it and no other.
 */
final class SegmentCursor {
    static final int WORD_BYTES = 4;

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int UNFINISHED = 0x80000000;
    private static final int CHRONICLES = 0x40000000;
    private static final int LENGTH_MASK = 0x3FFFFFFF;

    private final SegmentWindow window;

    private final FrameCodec codec;
    private long limit;
    private long wordOffset;
    private long endOffset;

    /** Behind the last frame that was believed, or where the walk began. */
    private long believedEnd;

    private @Nullable Frame current;

    /**
     * @param limit offset behind the last byte that may be looked at
     */
    SegmentCursor(FileChannel channel, SegmentName name, long limit, int readAheadBytes) {
        this.window = new SegmentWindow(channel, limit, readAheadBytes);
        this.codec = new FrameCodec(name);
        this.limit = limit;
    }

    /** Goes on at {@code offset}, the word of a document, in a file that has grown. */
    void restart(long offset, long limitNow, int readAheadBytes) {
        window.invalidate(limitNow, readAheadBytes);
        seek(offset);
        limit = limitNow;
    }

    /** Starts at {@code offset}, the word of a document. */
    void seek(long offset) {
        endOffset = offset;
        believedEnd = offset;
    }

    /**
     * The next sound frame whose position is {@code expected} or later; null if there is none. It
     * is valid until the next call.
     */
    @Nullable Frame next(long expected) throws IOException {
        current = walk(expected);
        if (current == null) {
            current = search(expected);
        }
        return current;
    }

    /**
     * Whether the current frame is to be believed: a log may come to its positions, and what lies
     * between it and the last one that was may have taken those that are missing. A right sum alone
     * must not say how much is missing: room is made for that. Asked once for each frame.
     */
    boolean believes(Frame frame, long expected) {
        long framesBetween = (wordOffset - believedEnd) / (WORD_BYTES + Frame.HEADER_BYTES);
        boolean isReachable = frame.position() - expected <= framesBetween * Frame.COUNT_MAX;
        boolean holds = frame.isPossible() && isReachable;
        if (holds) {
            believedEnd = endOffset;
        }
        return holds;
    }

    /** The same as {@link #next} without frames that are not to be believed. */
    @Nullable Frame nextBelieved(long expected) throws IOException {
        Frame frame = next(expected);
        while (frame != null && !believes(frame, expected)) {
            frame = next(expected);
        }
        return frame;
    }

    /** Offset of the document of the current frame. */
    long wordOffset() {
        return wordOffset;
    }

    /** Offset behind the current frame and its padding. */
    long endOffset() {
        return endOffset;
    }

    /** The buffer in which the current frame lies. */
    byte[] buffer() {
        return window.buffer();
    }

    /** A copy of the current frame's payload. */
    Bytes payload() {
        Frame frame = Objects.requireNonNull(current, "there is no current frame");
        return Bytes.copyOf(window.buffer(), frame.payloadStart(), frame.payloadBytes());
    }

    /** A copy of what the current frame's payload is bound to if it is sealed. */
    Bytes associated() {
        Frame frame = Objects.requireNonNull(current, "there is no current frame");
        return Bytes.copyOf(window.buffer(), frame.start(), FrameCodec.CHECKSUM_AT);
    }

    private @Nullable Frame walk(long expected) throws IOException {
        long offset = endOffset;
        while (offset + WORD_BYTES <= limit && window.has(offset, WORD_BYTES)) {
            int word = (int) INT.get(window.buffer(), window.indexOf(offset));
            int length = word & LENGTH_MASK;
            if (length == 0 || (word & UNFINISHED) != 0) {
                return null;
            }
            long end = offset + WORD_BYTES + padded(length);
            if (end > limit) {
                return null;
            }
            if ((word & CHRONICLES) == 0) {
                Frame frame = frameAt(offset + WORD_BYTES);
                if (frame == null || frame.bytes() != length || frame.position() != expected) {
                    return null;
                }
                return accept(offset, frame);
            }
            offset = end;
        }
        return null;
    }

    private @Nullable Frame search(long expected) throws IOException {
        long last = limit - Frame.HEADER_BYTES;
        for (long at = endOffset + WORD_BYTES; at <= last; at += WORD_BYTES) {
            if (!window.has(at, Frame.HEADER_BYTES)) {
                return null;
            }
            if ((int) INT.get(window.buffer(), window.indexOf(at)) == Frame.MAGIC) {
                Frame frame = frameAt(at);
                if (frame != null && frame.position() >= expected) {
                    return accept(at - WORD_BYTES, frame);
                }
            }
        }
        return null;
    }

    private @Nullable Frame frameAt(long offset) throws IOException {
        if (offset + Frame.HEADER_BYTES > limit || !window.has(offset, Frame.HEADER_BYTES)) {
            return null;
        }
        int bytes = FrameCodec.claimedBytes(window.buffer(), window.indexOf(offset));
        if (bytes < 0 || offset + bytes > limit || !window.has(offset, bytes)) {
            return null;
        }
        return codec.decode(window.buffer(), window.indexOf(offset));
    }

    private Frame accept(long offset, Frame frame) {
        wordOffset = offset;
        endOffset = offset + WORD_BYTES + padded(frame.bytes());
        return frame;
    }

    /** Lengths are rounded up to steps of 4 bytes. */
    static long padded(long length) {
        return (length + WORD_BYTES - 1) / WORD_BYTES * WORD_BYTES;
    }
}

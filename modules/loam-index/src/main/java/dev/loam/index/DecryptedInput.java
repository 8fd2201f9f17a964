package dev.loam.index;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MemorySegmentAccessInput;

/**
 * Reads memory outside the heap as Lucene's own class reads a mapped file, and gives its segments
 * to the same vector code.
 *
 * <p>Nothing asks whether the memory is still there before it reads: an access to a segment whose
 * arena is closed throws, in whatever thread. A closed input reads {@link #CLOSED}, so it does too.
 * Clones and slices end with the last input of their file.
 */
final class DecryptedInput extends IndexInput implements MemorySegmentAccessInput {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final MemorySegment CLOSED = closedSegment();

    private final long length;

    /** Gives back what the input was opened with; a clone or a slice has nothing to give back. */
    private final Runnable release;

    private MemorySegment segment;
    private long position;
    private boolean isClosed;

    private DecryptedInput(String description, MemorySegment segment, Runnable release) {
        super(description);
        this.segment = segment;
        this.length = segment.byteSize();
        this.release = release;
    }

    /**
     * @param release run once, when the input is closed
     */
    static DecryptedInput of(String description, MemorySegment segment, Runnable release) {
        return new DecryptedInput(description, segment, release);
    }

    private static MemorySegment closedSegment() {
        try (Arena arena = Arena.ofShared()) {
            return arena.allocate(1);
        }
    }

    @Override
    public byte readByte() throws IOException {
        byte value = readByte(position);
        position++;
        return value;
    }

    @Override
    public short readShort() throws IOException {
        short value = readShort(position);
        position += Short.BYTES;
        return value;
    }

    @Override
    public int readInt() throws IOException {
        int value = readInt(position);
        position += Integer.BYTES;
        return value;
    }

    @Override
    public long readLong() throws IOException {
        long value = readLong(position);
        position += Long.BYTES;
        return value;
    }

    /** Compiled by itself, so that what the JIT knows of other inputs does not slow it. */
    @Override
    public int readVInt() throws IOException {
        return super.readVInt();
    }

    /** As {@link #readVInt}. */
    @Override
    public long readVLong() throws IOException {
        return super.readVLong();
    }

    @Override
    public void readBytes(byte[] target, int offset, int count) throws IOException {
        readBytes(position, target, offset, count);
        position += count;
    }

    @Override
    public void readInts(int[] target, int offset, int count) throws IOException {
        try {
            MemorySegment.copy(segment, INT, position, target, offset, count);
            position += (long) Integer.BYTES * count;
        } catch (IndexOutOfBoundsException | IllegalStateException failure) {
            throw refused(failure, position, (long) Integer.BYTES * count);
        }
    }

    @Override
    public void readLongs(long[] target, int offset, int count) throws IOException {
        try {
            MemorySegment.copy(segment, LONG, position, target, offset, count);
            position += (long) Long.BYTES * count;
        } catch (IndexOutOfBoundsException | IllegalStateException failure) {
            throw refused(failure, position, (long) Long.BYTES * count);
        }
    }

    @Override
    public void readFloats(float[] target, int offset, int count) throws IOException {
        try {
            MemorySegment.copy(segment, FLOAT, position, target, offset, count);
            position += (long) Float.BYTES * count;
        } catch (IndexOutOfBoundsException | IllegalStateException failure) {
            throw refused(failure, position, (long) Float.BYTES * count);
        }
    }

    @Override
    public byte readByte(long at) throws IOException {
        try {
            return segment.get(BYTE, at);
        } catch (IndexOutOfBoundsException | IllegalStateException failure) {
            throw refused(failure, at, Byte.BYTES);
        }
    }

    @Override
    public short readShort(long at) throws IOException {
        try {
            return segment.get(SHORT, at);
        } catch (IndexOutOfBoundsException | IllegalStateException failure) {
            throw refused(failure, at, Short.BYTES);
        }
    }

    @Override
    public int readInt(long at) throws IOException {
        try {
            return segment.get(INT, at);
        } catch (IndexOutOfBoundsException | IllegalStateException failure) {
            throw refused(failure, at, Integer.BYTES);
        }
    }

    @Override
    public long readLong(long at) throws IOException {
        try {
            return segment.get(LONG, at);
        } catch (IndexOutOfBoundsException | IllegalStateException failure) {
            throw refused(failure, at, Long.BYTES);
        }
    }

    @Override
    public void readBytes(long at, byte[] target, int offset, int count) throws IOException {
        try {
            MemorySegment.copy(segment, BYTE, at, target, offset, count);
        } catch (IndexOutOfBoundsException | IllegalStateException failure) {
            throw refused(failure, at, count);
        }
    }

    @Override
    public MemorySegment segmentSliceOrNull(long at, long count) throws IOException {
        try {
            return segment.asSlice(at, count);
        } catch (IndexOutOfBoundsException | IllegalStateException failure) {
            throw refused(failure, at, count);
        }
    }

    @Override
    public long getFilePointer() {
        checkOpen();
        return position;
    }

    @Override
    public void seek(long to) throws IOException {
        checkOpen();
        if (to < 0 || to > length) {
            throw refused(new IndexOutOfBoundsException(to), to, 0);
        }
        position = to;
    }

    @Override
    public void skipBytes(long count) throws IOException {
        if (count < 0) {
            throw new IllegalArgumentException("cannot skip " + count + " bytes of " + this);
        }
        seek(position + count);
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public Optional<Boolean> isLoaded() {
        return Optional.of(true);
    }

    @Override
    public DecryptedInput clone() {
        checkThere();
        DecryptedInput clone = new DecryptedInput(toString(), segment, () -> {});
        clone.position = position;
        return clone;
    }

    @Override
    public DecryptedInput slice(String description, long offset, long count) {
        checkThere();
        if (offset < 0 || count < 0 || offset > length - count) {
            throw new IllegalArgumentException(
                    "no slice of " + count + " bytes at " + offset + " of " + this);
        }
        return new DecryptedInput(
                getFullSliceDescription(description), segment.asSlice(offset, count), () -> {});
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            segment = CLOSED;
            release.run();
        }
    }

    private void checkOpen() {
        if (isClosed) {
            throw closed();
        }
    }

    private void checkThere() {
        if (!segment.scope().isAlive()) {
            throw closed();
        }
    }

    private AlreadyClosedException closed() {
        return new AlreadyClosedException("closed: " + this);
    }

    /** Why {@code count} bytes could not be read there. */
    private RuntimeException refused(RuntimeException failure, long at, long count)
            throws EOFException {
        checkThere();
        if (at < 0) {
            return new IllegalArgumentException("no position " + at + " in " + this, failure);
        }
        if (at > length - count) {
            throw new EOFException("end of file: " + count + " bytes at " + at + " of " + this);
        }
        return failure;
    }
}

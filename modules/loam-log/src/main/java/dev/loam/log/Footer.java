package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.StoreId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What a segment holds, in a file beside it, so that opening and seeking need not read the segment.
 * Derived: it can be made again from the frames.
 *
 * @param contentEnd offset behind the last frame that counts
 * @param holes positions whose frames are damaged
 */
record Footer(
        StoreId store,
        Origin origin,
        SegmentEntry.Sealed entry,
        Bytes chainBefore,
        long contentEnd,
        List<PositionRange> holes,
        PositionOffsets offsets) {
    /** How the segment came to be finished. */
    enum Origin {
        SEALED(1),
        RECOVERED(2),
        REBUILT(3);

        private final int code;

        Origin(int code) {
            this.code = code;
        }
    }

    static final String FILE_NAME = "FOOTER";

    /** The bytes {@code LFTR}, read as a little-endian number. */
    private static final int MAGIC = 0x5254464C;

    private static final int FORM = 2;
    private static final int FIXED_BYTES = 200;
    private static final int CHECKSUM_BYTES = 4;

    /** Flag of a segment that stands for others. */
    private static final int COMPACTED = 1;

    Footer {
        holes = List.copyOf(holes);
    }

    Bytes encode() {
        int bytes = FIXED_BYTES + 16 * holes.size() + 8 * offsets.filled() + CHECKSUM_BYTES;
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(MAGIC).put((byte) FORM).put((byte) origin.code);
        buffer.putShort((short) (entry.isCompacted() ? COMPACTED : 0));
        buffer.put(store.bytes().asBuffer());
        buffer.put(entry.name().id().asBuffer());
        buffer.putLong(entry.name().number()).putLong(entry.first()).putLong(entry.last());
        buffer.putLong(entry.frames()).putLong(entry.bytes()).putLong(contentEnd);
        buffer.put(chainBefore.asBuffer()).put(entry.chain().asBuffer());
        buffer.put(entry.chainAfter().asBuffer());
        buffer.putInt(holes.size()).putInt(offsets.filled());
        buffer.putLong(0);
        for (PositionRange hole : holes) {
            buffer.putLong(hole.first()).putLong(hole.last());
        }
        for (int i = 0; i < offsets.filled(); i++) {
            buffer.putLong(offsets.offsets()[i]);
        }
        CRC32C checksum = new CRC32C();
        checksum.update(buffer.array(), 0, buffer.position());
        buffer.putInt((int) checksum.getValue());
        return Bytes.adopt(buffer.array());
    }

    /** Empty if the bytes are not a whole footer of this form: it is then made again. */
    static Optional<Footer> decode(byte[] bytes) {
        if (bytes.length < FIXED_BYTES + CHECKSUM_BYTES) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, bytes.length - CHECKSUM_BYTES);
        if (buffer.getInt(bytes.length - CHECKSUM_BYTES) != (int) checksum.getValue()
                || buffer.getInt() != MAGIC
                || buffer.get() != FORM) {
            return Optional.empty();
        }
        try {
            return Optional.of(decodeChecked(buffer));
        } catch (BufferUnderflowException malformed) {
            return Optional.empty();
        }
    }

    private static Footer decodeChecked(ByteBuffer buffer) {
        Origin origin = originOf(buffer.get());
        boolean isCompacted = (buffer.getShort() & COMPACTED) != 0;
        StoreId store = new StoreId(take(buffer, StoreId.SIZE));
        Bytes id = take(buffer, SegmentName.ID_BYTES);
        long number = buffer.getLong();
        require(number > 0);
        SegmentName name = new SegmentName(number, id);
        long first = buffer.getLong();
        long last = buffer.getLong();
        long frames = buffer.getLong();
        long bytes = buffer.getLong();
        long contentEnd = buffer.getLong();
        require(first > 0 && last >= first && last <= Frame.POSITION_MAX);
        Bytes chainBefore = take(buffer, SegmentChain.BYTES);
        Bytes chain = take(buffer, SegmentChain.BYTES);
        Bytes chainAfter = take(buffer, SegmentChain.BYTES);
        int holeCount = buffer.getInt();
        int offsetCount = buffer.getInt();
        buffer.getLong();
        List<PositionRange> holes = new ArrayList<>();
        for (int i = 0; i < holeCount; i++) {
            PositionRange hole = new PositionRange(buffer.getLong(), buffer.getLong());
            require(first <= hole.first() && hole.first() <= hole.last() && hole.last() <= last);
            holes.add(hole);
        }
        require(offsetCount >= 0 && buffer.remaining() == 8L * offsetCount + CHECKSUM_BYTES);
        long[] offsets = new long[offsetCount];
        buffer.asLongBuffer().get(offsets);
        for (long offset : offsets) {
            require(offset >= 0);
        }
        return new Footer(
                store,
                origin,
                new SegmentEntry.Sealed(
                        name,
                        first,
                        last,
                        frames,
                        bytes,
                        chain,
                        isCompacted ? Optional.of(chainAfter) : Optional.empty()),
                chainBefore,
                contentEnd,
                holes,
                new PositionOffsets(first, offsets, offsetCount));
    }

    /** A sum that is right says nothing of who wrote the footer. */
    private static void require(boolean holds) {
        if (!holds) {
            throw new BufferUnderflowException();
        }
    }

    private static Origin originOf(byte code) {
        for (Origin origin : Origin.values()) {
            if (origin.code == code) {
                return origin;
            }
        }
        throw new BufferUnderflowException();
    }

    private static Bytes take(ByteBuffer buffer, int length) {
        byte[] taken = new byte[length];
        buffer.get(taken);
        return Bytes.adopt(taken);
    }
}

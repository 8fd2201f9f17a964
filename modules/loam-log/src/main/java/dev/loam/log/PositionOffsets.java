package dev.loam.log;

import dev.loam.core.Invariant;
import java.util.Arrays;

/**
 * Where in its file every 64th position of a segment begins. Grows by the writer alone; a copy of
 * this record that a reader holds stays as it is, since what is filled never changes.
 *
 * @param first position of the segment
 * @param offsets of the documents of first, first + 64, ...; 0 where that position is damaged
 * @param filled how many of them count
 */
@SuppressWarnings("ArrayRecordComponent") // shared on purpose: see above
record PositionOffsets(long first, long[] offsets, int filled) {
    static final int STEP = 64;

    static PositionOffsets empty(long first) {
        return new PositionOffsets(first, new long[16], 0);
    }

    /** With the offset of {@code position}, later than all before. */
    PositionOffsets with(long position, long offset) {
        if ((position - first) % STEP != 0) {
            return this;
        }
        int index = Math.toIntExact((position - first) / STEP);
        Invariant.check(index >= filled, "offset of position {0} again", position);
        long[] room = offsets;
        if (index >= offsets.length) {
            room = Arrays.copyOf(offsets, Math.max(index + 1, offsets.length * 2));
        }
        room[index] = offset;
        return new PositionOffsets(first, room, index + 1);
    }

    /** The offset at which to start looking for {@code position}; 0 is the start of the file. */
    long before(long position) {
        int index = indexBefore(position);
        return index < 0 ? 0 : offsets[index];
    }

    /** The position that is found at {@link #before}, or the first one. */
    long positionBefore(long position) {
        return first + (long) Math.max(0, indexBefore(position)) * STEP;
    }

    private int indexBefore(long position) {
        int index = (int) Math.min((position - first) / STEP, filled - 1);
        while (index >= 0 && offsets[index] == 0) {
            index--;
        }
        return index;
    }
}

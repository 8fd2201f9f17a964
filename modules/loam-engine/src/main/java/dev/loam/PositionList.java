package dev.loam;

import java.util.Arrays;

/** Positions as numbers, in the order in which they were added. */
final class PositionList {
    private long[] positions = new long[8];
    private int count;

    void add(long position) {
        if (count == positions.length) {
            positions = Arrays.copyOf(positions, 2 * count);
        }
        positions[count++] = position;
    }

    long[] toArray() {
        return Arrays.copyOf(positions, count);
    }
}

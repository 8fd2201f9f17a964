package dev.loam;

import dev.loam.core.Invariant;

/**
 * Positions of the log from one to another, both included.
 *
 * @param first at least 1
 * @param last at least {@code first}
 */
record PositionSpan(long first, long last) {
    PositionSpan {
        Invariant.check(first > 0 && first <= last, "positions {0} to {1}", first, last);
    }

    int count() {
        return Math.toIntExact(last - first + 1);
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }
}

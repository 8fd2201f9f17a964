package dev.loam.core;

/**
 * The place of a batch in one store's log, from 1 and without gaps. Local to the store: positions
 * never leave it.
 */
public record Position(long number) implements Comparable<Position> {
    /** Before the first batch. */
    public static final Position START = new Position(0);

    public Position {
        Invariant.check(number >= 0, "position {0} is negative", number);
    }

    public Position next() {
        return new Position(number + 1);
    }

    public Position plus(long count) {
        return new Position(number + count);
    }

    public boolean isAfter(Position other) {
        return number > other.number;
    }

    @Override
    public int compareTo(Position other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Long.toString(number);
    }
}

package dev.loam.log;

import dev.loam.core.Position;

/** Positions from {@code first} to {@code last}, both included. */
record PositionRange(long first, long last) {
    LogItem.Damage damaged(String what) {
        return new LogItem.Damage(new Position(first), new Position(last), what);
    }

    @Override
    public String toString() {
        return first == last ? "position " + first : "positions " + first + " to " + last;
    }
}

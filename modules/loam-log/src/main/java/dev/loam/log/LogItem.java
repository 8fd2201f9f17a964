package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.Invariant;
import dev.loam.core.Position;

/** What a reader meets at one or more positions of the log. */
public sealed interface LogItem {
    /** A payload exactly as it was appended. */
    record Entry(Position position, Bytes payload) implements LogItem {}

    /**
     * Positions that were taken and whose payloads cannot be read.
     *
     * @param first of the range
     * @param last of the range, included
     * @param what a sentence: what is wrong, and with which file
     */
    record Damage(Position first, Position last, String what) implements LogItem {
        public Damage {
            Invariant.check(!first.isAfter(last), "damage from {0} to {1} is empty", first, last);
        }
    }
}

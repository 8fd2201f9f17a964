package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.Invariant;
import dev.loam.core.Position;

/** What a reader meets at one or more positions of the log. */
public sealed interface LogItem {
    /** What is left when packs are opened. */
    sealed interface Single extends LogItem {}

    /** A payload exactly as it was appended. */
    record Entry(Position position, Bytes payload) implements Single {}

    /**
     * Payloads of several positions in one, as a compaction joined them.
     *
     * @param first of the positions
     * @param count of the positions
     */
    record Pack(Position first, int count, Bytes payload) implements LogItem {
        /** The last of the positions. */
        public Position last() {
            return first.plus(count - 1);
        }
    }

    /**
     * A part of what the writer put in place of payloads that are no longer kept. Takes no
     * position; stands before all items of a compacted segment that take one.
     *
     * @param ordinal from 0
     * @param place in the segment, for {@link OpLog#statesAt}
     */
    record States(long ordinal, long place, Bytes payload) implements Single {}

    /**
     * Parts of such states that cannot be read. Takes no position.
     *
     * @param what a sentence: what is wrong, and with which file
     */
    record LostStates(String what) implements Single {}

    /**
     * Positions that were taken and whose payloads cannot be read.
     *
     * @param first of the range
     * @param last of the range, included
     * @param what a sentence: what is wrong, and with which file
     */
    record Damage(Position first, Position last, String what) implements Single {
        public Damage {
            Invariant.check(!first.isAfter(last), "damage from {0} to {1} is empty", first, last);
        }
    }
}

package dev.loam.core;

/**
 * What is left of a part that was forgotten. It cannot be told from this whose part it was: only
 * the purge knows.
 *
 * @param place among all parts of its batch but the head, from 0
 * @param commitment what the chain covers of it
 * @param operations how many it held, at least one: their counters stay taken
 * @param purge the {@link Operation.Purge} that took it, which its author had not seen
 */
public record CutPart(int place, Bytes commitment, int operations, Dot purge) {
    public CutPart {
        Invariant.check(place >= 0, "place {0}", place);
        Invariant.check(
                commitment.size() == Sha256.SIZE, "commitment has {0} bytes", commitment.size());
        Invariant.check(operations > 0, "{0} operations", operations);
    }
}

package dev.loam.sync;

import dev.loam.core.Invariant;

/**
 * A run of an actor's batches, at least one.
 *
 * @param after number of the batch before the first
 * @param through number of the last
 */
public record SequenceRange(long after, long through) {
    public SequenceRange {
        Invariant.check(0 <= after && after < through, "Range after {0}", after);
    }

    public long batches() {
        return through - after;
    }

    public boolean contains(long sequence) {
        return after < sequence && sequence <= through;
    }
}

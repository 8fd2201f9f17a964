package dev.loam.sync;

import dev.loam.core.Invariant;

/**
 * How much a transfer is.
 *
 * @param bytes of the batches as their authors encoded them, without seals and frames
 */
public record Amount(long batches, long operations, long bytes) {
    public static final Amount ZERO = new Amount(0, 0, 0);

    /** No store holds more of anything; sums of as many as a frame can name do not overflow. */
    static final long MAX = 1L << 44;

    public Amount {
        Invariant.check(
                batches >= 0 && operations >= 0 && bytes >= 0, "Amount of {0} batches", batches);
    }

    public Amount plus(Amount other) {
        return new Amount(
                batches + other.batches, operations + other.operations, bytes + other.bytes);
    }
}

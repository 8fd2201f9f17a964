package dev.loam.sync;

import dev.loam.core.Invariant;

/**
 * What a store holds of a vault in one of {@link #RANGES} ranges of records, into which records
 * fall by the first twelve bits of SHA-256 over their key.
 *
 * @param records at least one
 * @param sum modulo 2^64 of the first eight bytes, big endian, of the records' content hashes
 */
public record RangeSum(long records, long sum) {
    public static final int RANGES = 4_096;

    public RangeSum {
        Invariant.check(records >= 1, "A range of {0} records", records);
    }

    public static RangeSum of(long contentHash) {
        return new RangeSum(1, contentHash);
    }

    public RangeSum plus(RangeSum other) {
        return new RangeSum(records + other.records, sum + other.sum);
    }
}

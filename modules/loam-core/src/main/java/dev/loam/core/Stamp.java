package dev.loam.core;

/**
 * A hybrid logical clock's reading: 48 bits of milliseconds since 1970, 16 bits of count. After
 * Kulkarni et al., "Logical Physical Clocks" (2014).
 */
public record Stamp(long bits) implements Comparable<Stamp> {
    public static final Stamp ZERO = new Stamp(0);
    private static final int COUNT_BITS = 16;

    public static Stamp ofMillis(long epochMillis) {
        return new Stamp(Math.max(0, epochMillis) << COUNT_BITS);
    }

    public long millis() {
        return bits >>> COUNT_BITS;
    }

    /** The reading for a new batch: the wall clock, but always after this one. */
    public Stamp next(long wallMillis) {
        return new Stamp(Math.max(ofMillis(wallMillis).bits, bits + 1));
    }

    public Stamp max(Stamp other) {
        return compareTo(other) >= 0 ? this : other;
    }

    @Override
    public int compareTo(Stamp other) {
        return Long.compareUnsigned(bits, other.bits);
    }
}

package dev.loam.core;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A counter: the increments that no applied reset has seen. Each is kept by itself, as a reset that
 * is still to come may have seen any number of an actor's.
 *
 * @param increments amounts by dot
 */
record Counter(SortedMap<Dot, Long> increments) implements Dotted<Counter> {
    static final Counter EMPTY = new Counter(new TreeMap<>());

    @Override
    public Counter without(Predicate<Dot> gone) {
        SortedMap<Dot, Long> kept = new TreeMap<>(increments);
        kept.keySet().removeIf(gone);
        return new Counter(kept);
    }

    @Override
    public boolean isEmpty() {
        return increments.isEmpty();
    }

    Counter with(Dot dot, long amount) {
        SortedMap<Dot, Long> more = new TreeMap<>(increments);
        more.put(dot, amount);
        return new Counter(more);
    }

    /** The sum modulo 2^64: does not depend on the order, whatever overflows. */
    long total() {
        long total = 0;
        for (long amount : increments.values()) {
            total += amount;
        }
        return total;
    }
}

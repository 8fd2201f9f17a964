package dev.loam.core;

import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A counter: the increments that no applied reset has seen. Each is kept by itself, as a reset that
 * is still to come may have seen any number of an actor's, until all still to come have seen it.
 *
 * @param base the sum, modulo 2^64, of the settled increments; empty if there is none
 * @param increments amounts by dot of the others
 */
record Counter(OptionalLong base, SortedMap<Dot, Long> increments) implements Dotted<Counter> {
    static final Counter EMPTY = new Counter(OptionalLong.empty(), new TreeMap<>());

    @Override
    public Counter without(Predicate<Dot> gone) {
        return new Counter(OptionalLong.empty(), left(gone));
    }

    @Override
    public Counter settled(Predicate<Dot> isSettled) {
        if (increments.keySet().stream().noneMatch(isSettled)) {
            return this;
        }
        SortedMap<Dot, Long> open = left(isSettled);
        long sum = total();
        for (long amount : open.values()) {
            sum -= amount;
        }
        return new Counter(OptionalLong.of(sum), open);
    }

    @Override
    public boolean hasUnsettled(Predicate<Dot> isSettled) {
        return !increments.keySet().stream().allMatch(isSettled);
    }

    @Override
    public boolean isEmpty() {
        return base.isEmpty() && increments.isEmpty();
    }

    Counter with(Dot dot, long amount) {
        SortedMap<Dot, Long> more = new TreeMap<>(increments);
        more.put(dot, amount);
        return new Counter(base, more);
    }

    /** The sum modulo 2^64: does not depend on the order, whatever overflows. */
    long total() {
        long total = base.orElse(0);
        for (long amount : increments.values()) {
            total += amount;
        }
        return total;
    }

    private SortedMap<Dot, Long> left(Predicate<Dot> gone) {
        SortedMap<Dot, Long> kept = new TreeMap<>(increments);
        kept.keySet().removeIf(gone);
        return kept;
    }
}

package dev.loam.core;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What a newer Loam did to a record, as it came: an upgraded store can make sense of it. */
record UnknownOperations(SortedMap<Dot, Operation.Unknown> byDot)
        implements Dotted<UnknownOperations> {
    static final UnknownOperations NONE = new UnknownOperations(new TreeMap<>());

    @Override
    public UnknownOperations without(Predicate<Dot> gone) {
        if (byDot.isEmpty()) {
            return this;
        }
        SortedMap<Dot, Operation.Unknown> kept = new TreeMap<>(byDot);
        kept.keySet().removeIf(gone);
        return new UnknownOperations(kept);
    }

    /** All of it: whoever understands an operation needs its dot. */
    @Override
    public UnknownOperations settled(Predicate<Dot> isSettled) {
        return this;
    }

    @Override
    public boolean hasUnsettled(Predicate<Dot> isSettled) {
        return !byDot.keySet().stream().allMatch(isSettled);
    }

    @Override
    public boolean isEmpty() {
        return byDot.isEmpty();
    }

    UnknownOperations with(Dot dot, Operation.Unknown operation) {
        SortedMap<Dot, Operation.Unknown> more = new TreeMap<>(byDot);
        more.put(dot, operation);
        return new UnknownOperations(more);
    }
}

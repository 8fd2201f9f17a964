package dev.loam.core;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Those values of a record that concurrent operations make together: totals, entries, extremes.
 * Nobody writes to the maps once they stand here, and nothing in them is empty.
 */
record Aggregates(
        SortedMap<FieldName, Counter> counters,
        SortedMap<FieldName, AppendLog> logs,
        SortedMap<FieldName, Register<Value>> maxima,
        SortedMap<FieldName, Register<Value>> minima) {
    static final Aggregates EMPTY = toFill();

    /** With maps of its own, for a reader to fill before anybody else sees it. */
    static Aggregates toFill() {
        return new Aggregates(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }

    Aggregates increment(Origin origin, Operation.Increment increment) {
        return withCounters(
                RecordFields.changed(
                        counters,
                        increment.field(),
                        () -> Counter.EMPTY,
                        old -> old.with(origin.dot(), increment.amount())));
    }

    Aggregates reset(Origin origin, Operation.Reset reset) {
        return withCounters(
                RecordFields.changed(
                        counters,
                        reset.field(),
                        () -> Counter.EMPTY,
                        old -> old.without(origin::saw)));
    }

    Aggregates append(Origin origin, Operation.Append append) {
        LogRow row = new LogRow(new LogKey(origin.stamp(), origin.dot()), append.entry());
        return withLogs(
                RecordFields.changed(
                        logs, append.field(), () -> AppendLog.EMPTY, old -> old.with(row)));
    }

    Aggregates truncate(Origin origin, Operation.Truncate truncate) {
        return withLogs(
                RecordFields.changed(
                        logs,
                        truncate.field(),
                        () -> AppendLog.EMPTY,
                        old -> old.truncated(origin, truncate.oldestKept())));
    }

    Aggregates max(Origin origin, Operation.Max max) {
        return new Aggregates(
                counters,
                logs,
                RecordFields.changed(
                        maxima,
                        max.field(),
                        Register::empty,
                        old -> old.with(origin, max.value(), max.overwritten())),
                minima);
    }

    Aggregates min(Origin origin, Operation.Min min) {
        return new Aggregates(
                counters,
                logs,
                maxima,
                RecordFields.changed(
                        minima,
                        min.field(),
                        Register::empty,
                        old -> old.with(origin, min.value(), min.overwritten())));
    }

    /** What is left when all that the author saw goes. */
    Aggregates unseenBy(Origin origin) {
        if (fieldCount() == 0) {
            return this;
        }
        return new Aggregates(
                RecordFields.unseen(counters, origin),
                RecordFields.unseen(logs, origin),
                RecordFields.unseen(maxima, origin),
                RecordFields.unseen(minima, origin));
    }

    /**
     * Without the dots and stamps that are settled, and without extremes that no read returns. An
     * entry's key stays: it says where the entry stands among all, those still to come included.
     */
    @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
    Aggregates settled(Predicate<Dot> isSettled) {
        Aggregates left =
                new Aggregates(
                        RecordFields.settled(counters, isSettled),
                        logs,
                        RecordFields.reduced(maxima, isSettled, Aggregates::greatest),
                        RecordFields.reduced(minima, isSettled, Aggregates::least));
        boolean unchanged =
                left.counters == counters && left.maxima == maxima && left.minima == minima;
        return unchanged ? this : left;
    }

    boolean hasUnsettled(Predicate<Dot> isSettled) {
        return Stream.of(counters, logs, maxima, minima)
                .flatMap(map -> map.values().stream())
                .anyMatch(each -> each.hasUnsettled(isSettled));
    }

    int fieldCount() {
        return counters.size() + logs.size() + maxima.size() + minima.size();
    }

    void addActorsTo(SortedSet<ActorId> actors) {
        counters.values().forEach(each -> addActors(actors, each.increments().keySet()));
        logs.values()
                .forEach(log -> log.rows().forEach(row -> actors.add(row.key().dot().actor())));
        maxima.values().forEach(each -> RecordStateCodec.addActors(actors, each));
        minima.values().forEach(each -> RecordStateCodec.addActors(actors, each));
    }

    /** The greatest value of a register that is not empty. */
    static Value greatest(Register<Value> register) {
        return register.siblings().stream().max(ValueCodec.ORDER).orElseThrow();
    }

    /** The least value of a register that is not empty. */
    static Value least(Register<Value> register) {
        return register.siblings().stream().min(ValueCodec.ORDER).orElseThrow();
    }

    private static void addActors(SortedSet<ActorId> actors, Iterable<Dot> dots) {
        dots.forEach(dot -> actors.add(dot.actor()));
    }

    private Aggregates withCounters(SortedMap<FieldName, Counter> changed) {
        return new Aggregates(changed, logs, maxima, minima);
    }

    private Aggregates withLogs(SortedMap<FieldName, AppendLog> changed) {
        return new Aggregates(counters, changed, maxima, minima);
    }
}

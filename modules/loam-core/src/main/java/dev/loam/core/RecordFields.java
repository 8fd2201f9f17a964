package dev.loam.core;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The values of a record, those of a dead one included. Nobody writes to the maps once they stand
 * here, and nothing in them is empty.
 *
 * @param embeddings by model, names in the order of their bytes
 */
record RecordFields(
        SortedMap<FieldName, Register<Value>> registers,
        SortedMap<FieldName, ElementSet> sets,
        SortedMap<String, Register<Embedding>> embeddings,
        Aggregates aggregates,
        UnknownOperations unknown) {
    static final RecordFields EMPTY =
            new RecordFields(
                    new TreeMap<>(),
                    new TreeMap<>(),
                    new TreeMap<>(Utf8Order.INSTANCE),
                    Aggregates.EMPTY,
                    UnknownOperations.NONE);

    RecordFields set(Origin origin, Operation.Set set) {
        return new RecordFields(
                changed(
                        registers,
                        set.field(),
                        Register::empty,
                        old -> old.with(origin, set.value(), set.overwritten())),
                sets,
                embeddings,
                aggregates,
                unknown);
    }

    RecordFields add(Origin origin, Operation.AddElement add) {
        return new RecordFields(
                registers,
                changed(
                        sets,
                        add.field(),
                        () -> ElementSet.EMPTY,
                        old -> old.with(add.element(), add.overwritten(), origin.dot())),
                embeddings,
                aggregates,
                unknown);
    }

    RecordFields remove(Operation.RemoveElement remove) {
        return new RecordFields(
                registers,
                changed(
                        sets,
                        remove.field(),
                        () -> ElementSet.EMPTY,
                        old -> old.without(remove.element(), remove.overwritten())),
                embeddings,
                aggregates,
                unknown);
    }

    RecordFields embed(Origin origin, Operation.Embed embed) {
        return new RecordFields(
                registers,
                sets,
                changed(
                        embeddings,
                        embed.model(),
                        Register::empty,
                        old -> old.with(origin, embed.embedding(), embed.overwritten())),
                aggregates,
                unknown);
    }

    RecordFields with(Aggregates changed) {
        return new RecordFields(registers, sets, embeddings, changed, unknown);
    }

    RecordFields keep(Origin origin, Operation.Unknown operation) {
        return new RecordFields(
                registers, sets, embeddings, aggregates, unknown.with(origin.dot(), operation));
    }

    /** What is left when all that the author saw goes. */
    RecordFields unseenBy(Origin origin) {
        return new RecordFields(
                unseen(registers, origin),
                unseen(sets, origin),
                unseen(embeddings, origin),
                aggregates.unseenBy(origin),
                unknown.without(origin::saw));
    }

    boolean isEmpty() {
        return registers.isEmpty()
                && sets.isEmpty()
                && embeddings.isEmpty()
                && aggregates.fieldCount() == 0
                && unknown.isEmpty();
    }

    /** What is left of dots and stamps when some are settled: what reads return all stays. */
    @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
    RecordFields settled(Predicate<Dot> isSettled) {
        RecordFields left =
                new RecordFields(
                        settled(registers, isSettled),
                        settled(sets, isSettled),
                        reduced(embeddings, isSettled, Register::winner),
                        aggregates.settled(isSettled),
                        unknown);
        boolean unchanged =
                left.registers == registers
                        && left.sets == sets
                        && left.embeddings == embeddings
                        && left.aggregates == aggregates;
        return unchanged ? this : left;
    }

    boolean hasUnsettled(Predicate<Dot> isSettled) {
        return Stream.of(registers, sets, embeddings)
                        .flatMap(map -> map.values().stream())
                        .anyMatch(each -> each.hasUnsettled(isSettled))
                || aggregates.hasUnsettled(isSettled)
                || unknown.hasUnsettled(isSettled);
    }

    static <K, V extends Dotted<V>> SortedMap<K, V> settled(
            SortedMap<K, V> map, Predicate<Dot> isSettled) {
        return replaced(map, old -> old.settled(isSettled));
    }

    /** As {@link #settled}, where reads return one version alone. */
    static <K, V> SortedMap<K, Register<V>> reduced(
            SortedMap<K, Register<V>> map,
            Predicate<Dot> isSettled,
            Function<Register<V>, V> read) {
        return replaced(map, old -> old.settled(isSettled).reducedTo(read));
    }

    /** The very map if no value is replaced by another. */
    @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
    private static <K, V> SortedMap<K, V> replaced(SortedMap<K, V> map, UnaryOperator<V> change) {
        SortedMap<K, V> result = map;
        for (Map.Entry<K, V> entry : map.entrySet()) {
            V value = change.apply(entry.getValue());
            if (value != entry.getValue()) {
                result = result == map ? new TreeMap<>(map) : result;
                result.put(entry.getKey(), value);
            }
        }
        return result;
    }

    static <K, V extends Dotted<V>> SortedMap<K, V> unseen(SortedMap<K, V> map, Origin origin) {
        if (map.isEmpty()) {
            return map;
        }
        SortedMap<K, V> kept = new TreeMap<>(map);
        kept.replaceAll((name, old) -> old.without(origin::saw));
        kept.values().removeIf(Dotted::isEmpty);
        return kept;
    }

    static <K, V extends Dotted<V>> SortedMap<K, V> changed(
            SortedMap<K, V> map, K name, Supplier<V> empty, UnaryOperator<V> change) {
        SortedMap<K, V> result = new TreeMap<>(map);
        result.compute(
                name,
                (key, old) -> {
                    V value = change.apply(old == null ? empty.get() : old);
                    return value.isEmpty() ? null : value;
                });
        return result;
    }
}

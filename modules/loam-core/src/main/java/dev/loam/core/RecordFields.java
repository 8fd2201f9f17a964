package dev.loam.core;

import java.util.SortedMap;
import java.util.TreeMap;
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
        SortedMap<String, Register<Embedding>> embeddings) {
    static final RecordFields EMPTY =
            new RecordFields(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(Utf8Order.INSTANCE));

    RecordFields set(Origin origin, Operation.Set set) {
        return new RecordFields(
                changed(
                        registers,
                        set.field(),
                        Register::empty,
                        old -> old.with(origin, set.value(), set.overwritten())),
                sets,
                embeddings);
    }

    RecordFields add(Origin origin, Operation.AddElement add) {
        return new RecordFields(
                registers,
                changed(
                        sets,
                        add.field(),
                        () -> ElementSet.EMPTY,
                        old -> old.with(add.element(), add.overwritten(), origin.dot())),
                embeddings);
    }

    RecordFields remove(Operation.RemoveElement remove) {
        return new RecordFields(
                registers,
                changed(
                        sets,
                        remove.field(),
                        () -> ElementSet.EMPTY,
                        old -> old.without(remove.element(), remove.overwritten())),
                embeddings);
    }

    RecordFields embed(Origin origin, Operation.Embed embed) {
        return new RecordFields(
                registers,
                sets,
                changed(
                        embeddings,
                        embed.model(),
                        Register::empty,
                        old -> old.with(origin, embed.embedding(), embed.overwritten())));
    }

    /** What is left when all that the author saw goes. */
    RecordFields unseenBy(Origin origin) {
        return new RecordFields(
                unseen(registers, origin), unseen(sets, origin), unseen(embeddings, origin));
    }

    /** What is left of dots and stamps when some are settled: the values all stay. */
    RecordFields settled(Predicate<Dot> isSettled) {
        SortedMap<String, Register<Embedding>> winners = settled(embeddings, isSettled);
        winners.replaceAll((model, register) -> register.withoutSettledLosers());
        return new RecordFields(settled(registers, isSettled), settled(sets, isSettled), winners);
    }

    boolean hasLiveDots() {
        return Stream.of(registers, sets, embeddings)
                .flatMap(map -> map.values().stream())
                .anyMatch(Dotted::hasLiveDots);
    }

    private static <K, V extends Dotted<V>> SortedMap<K, V> settled(
            SortedMap<K, V> map, Predicate<Dot> isSettled) {
        SortedMap<K, V> result = new TreeMap<>(map);
        result.replaceAll((name, old) -> old.settled(isSettled));
        return result;
    }

    private static <K, V extends Dotted<V>> SortedMap<K, V> unseen(
            SortedMap<K, V> map, Origin origin) {
        SortedMap<K, V> kept = new TreeMap<>(map);
        kept.replaceAll((name, old) -> old.without(origin::saw));
        kept.values().removeIf(Dotted::isEmpty);
        return kept;
    }

    private static <K, V extends Dotted<V>> SortedMap<K, V> changed(
            SortedMap<K, V> map, K name, Supplier<V> empty, UnaryOperator<V> change) {
        SortedMap<K, V> result = new TreeMap<>(map);
        V old = map.get(name);
        V value = change.apply(old == null ? empty.get() : old);
        if (value.isEmpty()) {
            result.remove(name);
        } else {
            result.put(name, value);
        }
        return result;
    }
}

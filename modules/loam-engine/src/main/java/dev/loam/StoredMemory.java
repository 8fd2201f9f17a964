package dev.loam;

import dev.loam.core.FieldName;
import dev.loam.core.Invariant;
import dev.loam.core.RecordState;
import dev.loam.core.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that reads return of a memory, to be taken elsewhere: {@link Vault#restore} makes the same
 * memory of it.
 *
 * @param parts of one key, at least one. Each is no larger than what one write takes; together they
 *     may be, as a memory grows with each change and each merge. The first alone has text and time,
 *     the entries of a log are in their order, and nothing else is in two of them
 * @param conflicts by field, text and time among them: the values of each that has more than one,
 *     the one that reads return first
 */
public record StoredMemory(List<Memory> parts, SortedMap<FieldName, List<Value>> conflicts) {
    public StoredMemory {
        parts = List.copyOf(parts);
        Invariant.check(!parts.isEmpty(), "a memory has at least one part");
        TreeMap<FieldName, List<Value>> copies = new TreeMap<>(conflicts);
        copies.replaceAll((field, values) -> List.copyOf(values));
        conflicts = Collections.unmodifiableSortedMap(copies);
    }

    static StoredMemory of(String key, RecordState state) {
        TreeMap<FieldName, List<Value>> conflicts = new TreeMap<>();
        state.conflicts().forEach(field -> conflicts.put(field, state.siblings(field)));
        return new StoredMemory(MemoryParts.of(MemoryLayout.read(key, state)), conflicts);
    }

    public String key() {
        return parts.getFirst().key();
    }

    /** All values of a field of which reads return {@code winner}. */
    List<Value> values(FieldName field, Value winner) {
        return conflicts.getOrDefault(field, List.of(winner));
    }

    /** Whether this is all that {@code other} is; it may have vectors that the other lacks. */
    public boolean holds(StoredMemory other) {
        Memory first = parts.getFirst();
        Memory wanted = other.parts.getFirst();
        return first.text().equals(wanted.text())
                && (wanted.time().isEmpty() || first.time().equals(wanted.time()))
                && conflicts.equals(other.conflicts)
                && tags().equals(other.tags())
                && fields().equals(other.fields())
                && aggregates().equals(other.aggregates())
                && vectors().entrySet().containsAll(other.vectors().entrySet());
    }

    private SortedSet<String> tags() {
        TreeSet<String> all = new TreeSet<>();
        parts.forEach(part -> all.addAll(part.tags()));
        return all;
    }

    private SortedMap<FieldName, Value> fields() {
        TreeMap<FieldName, Value> all = new TreeMap<>();
        parts.forEach(part -> all.putAll(part.fields()));
        return all;
    }

    private SortedMap<String, Memory.Vector> vectors() {
        TreeMap<String, Memory.Vector> all = new TreeMap<>();
        parts.forEach(part -> all.putAll(part.vectors()));
        return all;
    }

    private Aggregates aggregates() {
        TreeMap<FieldName, Long> counters = new TreeMap<>();
        TreeMap<FieldName, List<Value>> logs = new TreeMap<>();
        TreeMap<FieldName, Value> maxima = new TreeMap<>();
        TreeMap<FieldName, Value> minima = new TreeMap<>();
        for (Memory part : parts) {
            counters.putAll(part.counters());
            part.logs().forEach((log, entries) -> logs.merge(log, entries, StoredMemory::joined));
            maxima.putAll(part.maxima());
            minima.putAll(part.minima());
        }
        return new Aggregates(counters, logs, maxima, minima);
    }

    private static List<Value> joined(List<Value> before, List<Value> after) {
        List<Value> all = new ArrayList<>(before);
        all.addAll(after);
        return all;
    }
}

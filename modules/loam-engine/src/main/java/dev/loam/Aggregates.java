package dev.loam;

import dev.loam.core.FieldName;
import dev.loam.core.LogRow;
import dev.loam.core.RecordState;
import dev.loam.core.Value;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What concurrent changes of a memory make together, as reads return it.
 *
 * @param logs the entries in their order
 */
record Aggregates(
        SortedMap<FieldName, Long> counters,
        SortedMap<FieldName, List<Value>> logs,
        SortedMap<FieldName, Value> maxima,
        SortedMap<FieldName, Value> minima) {
    static final Aggregates NONE =
            new Aggregates(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    Aggregates {
        counters = Collections.unmodifiableSortedMap(new TreeMap<>(counters));
        TreeMap<FieldName, List<Value>> copies = new TreeMap<>(logs);
        copies.replaceAll((log, entries) -> List.copyOf(entries));
        logs = Collections.unmodifiableSortedMap(copies);
        maxima = Collections.unmodifiableSortedMap(new TreeMap<>(maxima));
        minima = Collections.unmodifiableSortedMap(new TreeMap<>(minima));
    }

    static Aggregates of(RecordState state) {
        TreeMap<FieldName, List<Value>> logs = new TreeMap<>();
        state.logs()
                .forEach((log, rows) -> logs.put(log, rows.stream().map(LogRow::value).toList()));
        return new Aggregates(state.counters(), logs, state.maxima(), state.minima());
    }

    int fieldCount() {
        return counters.size() + logs.size() + maxima.size() + minima.size();
    }

    Aggregates withCounter(FieldName counter, long total) {
        TreeMap<FieldName, Long> more = new TreeMap<>(counters);
        more.put(counter, total);
        return new Aggregates(more, logs, maxima, minima);
    }

    Aggregates withLog(FieldName log, List<Value> entries) {
        TreeMap<FieldName, List<Value>> more = new TreeMap<>(logs);
        more.put(log, entries);
        return new Aggregates(counters, more, maxima, minima);
    }

    Aggregates withMax(FieldName maximum, Value value) {
        TreeMap<FieldName, Value> more = new TreeMap<>(maxima);
        more.put(maximum, value);
        return new Aggregates(counters, logs, more, minima);
    }

    Aggregates withMin(FieldName minimum, Value value) {
        TreeMap<FieldName, Value> more = new TreeMap<>(minima);
        more.put(minimum, value);
        return new Aggregates(counters, logs, maxima, more);
    }
}

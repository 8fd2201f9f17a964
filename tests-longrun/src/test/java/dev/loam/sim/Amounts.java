package dev.loam.sim;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a write does to what devices make together, of each thing at most one for each name.
 *
 * @param counters what it adds, by name; empty for a counter that it resets
 * @param logs by name
 */
record Amounts(
        SortedMap<String, Count> counters,
        SortedMap<String, Line> logs,
        SortedMap<String, Long> maxima,
        SortedMap<String, Long> minima) {
    static final Amounts NONE =
            new Amounts(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    /** What becomes of a counter. */
    sealed interface Count {
        record Add(long amount) implements Count {}

        record Reset() implements Count {}
    }

    /** What becomes of a log. */
    sealed interface Line {
        record Append(String entry) implements Line {}

        /**
         * @param dropped the numbers of the writes whose entries go
         */
        record Truncate(int kept, SortedSet<Integer> dropped) implements Line {
            public Truncate {
                dropped = Collections.unmodifiableSortedSet(new TreeSet<>(dropped));
            }
        }
    }

    Amounts {
        counters = Collections.unmodifiableSortedMap(new TreeMap<>(counters));
        logs = Collections.unmodifiableSortedMap(new TreeMap<>(logs));
        maxima = Collections.unmodifiableSortedMap(new TreeMap<>(maxima));
        minima = Collections.unmodifiableSortedMap(new TreeMap<>(minima));
    }

    boolean isNone() {
        return counters.isEmpty() && logs.isEmpty() && maxima.isEmpty() && minima.isEmpty();
    }

    /** What would count twice if it were written twice. */
    List<Object> additions() {
        return Stream.concat(
                        counters.values().stream().filter(Count.Add.class::isInstance),
                        logs.values().stream().filter(Line.Append.class::isInstance))
                .map(Object.class::cast)
                .toList();
    }

    boolean keepAlive() {
        return !additions().isEmpty();
    }
}

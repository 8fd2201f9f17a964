package dev.loam.sim;

import java.util.SortedMap;
import java.util.TreeMap;

/** What was tried, so that a run that tried nothing is not taken for a proof. */
final class Counts {
    private final SortedMap<String, Long> counts = new TreeMap<>();

    private void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    void event() {
        count("events");
    }

    void session(String reason) {
        count("session " + reason);
    }

    void write(String outcome) {
        count("write " + outcome);
    }

    void fault(String kind) {
        count("fault " + kind);
    }

    void faults(String kind, long times) {
        counts.merge("fault " + kind, times, Long::sum);
    }

    void converged() {
        count("converged");
    }

    void add(Counts other) {
        other.counts.forEach((what, count) -> counts.merge(what, count, Long::sum));
    }

    long of(String what) {
        return counts.getOrDefault(what, 0L);
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}

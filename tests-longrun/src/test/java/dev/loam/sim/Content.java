package dev.loam.sim;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What a memory is: for each field all values that nobody has overwritten, the tags, and what
 * devices have made together.
 *
 * @param siblings never empty for a field
 */
record Content(
        SortedMap<String, SortedSet<String>> siblings, SortedSet<String> tags, Totals totals) {
    /**
     * What devices have made together.
     *
     * @param logs the entries of each, sorted, as often as they are there
     */
    record Totals(
            SortedMap<String, Long> counters,
            SortedMap<String, List<String>> logs,
            SortedMap<String, Long> maxima,
            SortedMap<String, Long> minima) {
        boolean isNone() {
            return counters.isEmpty() && logs.isEmpty() && maxima.isEmpty() && minima.isEmpty();
        }
    }
}

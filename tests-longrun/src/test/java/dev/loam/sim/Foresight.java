package dev.loam.sim;

import dev.loam.sim.Amounts.Count;
import dev.loam.sim.Amounts.Line;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/**
 * What of an update there is to be written, seeing what its device sees: a maximum that is as great
 * already, the reset of a counter that is not there and a truncation that leaves all come to
 * nothing.
 */
final class Foresight {
    private final Content.Totals totals;

    /** Of each log, in the order of the writes' numbers. */
    private final SortedMap<String, List<MemoryModel.Entry>> entries;

    /** The same as the device shows them. */
    private final SortedMap<String, List<String>> shown;

    Foresight(
            Content.Totals totals,
            SortedMap<String, List<MemoryModel.Entry>> entries,
            SortedMap<String, List<String>> shown) {
        this.totals = totals;
        this.entries = entries;
        this.shown = shown;
    }

    Change of(Change wished) {
        Amounts amounts = wished.amounts();
        TreeMap<String, Count> counters = new TreeMap<>(amounts.counters());
        counters.entrySet()
                .removeIf(
                        each ->
                                each.getValue() instanceof Count.Reset
                                        && !totals.counters().containsKey(each.getKey()));
        TreeMap<String, Line> logs = new TreeMap<>();
        amounts.logs().forEach((log, line) -> foresee(log, line, logs));
        return wished.with(
                new Amounts(
                        counters,
                        logs,
                        beaten(amounts.maxima(), totals.maxima(), (mine, there) -> mine > there),
                        beaten(amounts.minima(), totals.minima(), (mine, there) -> mine < there)));
    }

    private static SortedMap<String, Long> beaten(
            SortedMap<String, Long> wished,
            SortedMap<String, Long> there,
            BiPredicate<Long, Long> beats) {
        TreeMap<String, Long> left = new TreeMap<>(wished);
        left.entrySet()
                .removeIf(
                        each ->
                                there.containsKey(each.getKey())
                                        && !beats.test(each.getValue(), there.get(each.getKey())));
        return left;
    }

    private void foresee(String log, Line line, TreeMap<String, Line> logs) {
        if (!(line instanceof Line.Truncate(int kept, var _))) {
            logs.put(log, line);
            return;
        }
        List<String> order = shown.getOrDefault(log, List.of());
        List<MemoryModel.Entry> left = new ArrayList<>(entries.getOrDefault(log, List.of()));
        TreeSet<Integer> dropped = new TreeSet<>();
        for (String text : order.subList(0, Math.max(0, order.size() - kept))) {
            dropped.add(take(text, left));
        }
        if (!dropped.isEmpty()) {
            logs.put(log, new Line.Truncate(kept, dropped));
        }
    }

    /** Of equal entries the one that was written first stands first. */
    private static int take(String text, List<MemoryModel.Entry> from) {
        for (Iterator<MemoryModel.Entry> each = from.iterator(); each.hasNext(); ) {
            MemoryModel.Entry entry = each.next();
            if (entry.text().equals(text)) {
                each.remove();
                return entry.write();
            }
        }
        throw new Violation("a log shows \"" + text + "\", which is not there");
    }
}

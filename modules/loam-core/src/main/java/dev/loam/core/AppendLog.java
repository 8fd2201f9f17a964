package dev.loam.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The entries of a log.
 *
 * @param rows in the order of their keys, each key once
 */
record AppendLog(List<LogRow> rows) implements Dotted<AppendLog> {
    static final AppendLog EMPTY = new AppendLog(List.of());

    AppendLog {
        rows = List.copyOf(rows);
    }

    @Override
    public AppendLog without(Predicate<Dot> gone) {
        return new AppendLog(rows.stream().filter(row -> !gone.test(row.key().dot())).toList());
    }

    /** An entry's key says where it stands among all others, those still to come included. */
    @Override
    public AppendLog settled(Predicate<Dot> isSettled) {
        return this;
    }

    @Override
    public boolean hasUnsettled(Predicate<Dot> isSettled) {
        return !rows.stream().map(row -> row.key().dot()).allMatch(isSettled);
    }

    @Override
    public boolean isEmpty() {
        return rows.isEmpty();
    }

    AppendLog with(LogRow added) {
        // Nearly always the last place.
        int place = rows.size();
        while (place > 0 && rows.get(place - 1).key().compareTo(added.key()) > 0) {
            place--;
        }
        List<LogRow> more = new ArrayList<>(rows.size() + 1);
        more.addAll(rows);
        more.add(place, added);
        return new AppendLog(more);
    }

    /** Without what the author of {@code origin} saw before a key. */
    AppendLog truncated(Origin origin, LogKey oldestKept) {
        return new AppendLog(
                rows.stream()
                        .filter(
                                row ->
                                        row.key().compareTo(oldestKept) >= 0
                                                || !origin.saw(row.key().dot()))
                        .toList());
    }

    List<Value> values() {
        return rows.stream().map(LogRow::value).toList();
    }
}

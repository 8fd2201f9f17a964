package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.FieldName;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import dev.loam.core.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A change of single fields and tags; what it does not name stays as it is. Immutable.
 *
 * @param fields new values, text and time among them
 * @param added tags to bear
 * @param removed tags to drop
 * @param changes of counters, logs, maxima and minima, in their order
 */
public record Update(
        SortedMap<FieldName, Value> fields,
        SortedSet<String> added,
        SortedSet<String> removed,
        List<FieldChange> changes) {
    public Update {
        changes = List.copyOf(changes);
        fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
        added = Collections.unmodifiableSortedSet(new TreeSet<>(added));
        removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
    }

    /** Changes nothing yet. */
    public static Update none() {
        return new Update(new TreeMap<>(), new TreeSet<>(), new TreeSet<>(), List.of());
    }

    public Update text(String text) {
        return with(FieldName.TEXT, new Value.Text(text));
    }

    public Update at(Instant moment) {
        return with(FieldName.TIME, new Value.Moment(moment.toEpochMilli()));
    }

    public Update set(String field, String value) {
        return set(field, new Value.Text(value));
    }

    public Update set(String field, Value value) {
        return with(Memory.userField(field), value);
    }

    public Update tag(String tag) {
        Limits.checkName("tag", tag, Limits.TAG_BYTES_MAX);
        TreeSet<String> more = new TreeSet<>(added);
        more.add(tag);
        return new Update(fields, more, removed, changes);
    }

    public Update untag(String tag) {
        TreeSet<String> more = new TreeSet<>(removed);
        more.add(tag);
        return new Update(fields, added, more, changes);
    }

    /**
     * Adds to a counter; concurrent additions of other devices all count. A counter that is not
     * there begins at 0. The write is refused with {@code LIMIT_EXCEEDED} if the total would not be
     * a number of 64 bits.
     */
    public Update increment(String counter, long amount) {
        return with(new FieldChange.Increment(Memory.userField(counter), amount));
    }

    /** Takes a counter away; additions that this device has not seen stay. */
    public Update reset(String counter) {
        return with(new FieldChange.Reset(Memory.userField(counter)));
    }

    /** Adds an entry to a log; its place among those of other devices is the same everywhere. */
    public Update append(String log, Value entry) {
        return with(new FieldChange.Append(Memory.userField(log), entry));
    }

    public Update append(String log, String entry) {
        return append(log, new Value.Text(entry));
    }

    /**
     * Drops all but the last {@code kept} entries of a log; entries that this device has not seen
     * stay.
     *
     * @param kept 0 or more
     */
    public Update truncate(String log, int kept) {
        if (kept < 0) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT, "a log cannot keep " + kept + " entries");
        }
        return with(new FieldChange.Truncate(Memory.userField(log), kept));
    }

    /**
     * Raises a maximum: reads return the greatest value that any device gave. Values are ordered by
     * kind, then by size or bytes.
     */
    public Update max(String maximum, Value value) {
        return with(new FieldChange.Max(Memory.userField(maximum), value));
    }

    /** Lowers a minimum, as {@link #max} raises a maximum. */
    public Update min(String minimum, Value value) {
        return with(new FieldChange.Min(Memory.userField(minimum), value));
    }

    private Update with(FieldChange change) {
        List<FieldChange> more = new ArrayList<>(changes);
        more.add(change);
        return new Update(fields, added, removed, more);
    }

    private Update with(FieldName field, Value value) {
        TreeMap<FieldName, Value> more = new TreeMap<>(fields);
        more.put(field, value);
        return new Update(more, added, removed, changes);
    }
}

package dev.loam;

import dev.loam.core.FieldName;
import dev.loam.core.Limits;
import dev.loam.core.Value;
import java.time.Instant;
import java.util.Collections;
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
 */
public record Update(
        SortedMap<FieldName, Value> fields, SortedSet<String> added, SortedSet<String> removed) {
    public Update {
        fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
        added = Collections.unmodifiableSortedSet(new TreeSet<>(added));
        removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
    }

    /** Changes nothing yet. */
    public static Update none() {
        return new Update(new TreeMap<>(), new TreeSet<>(), new TreeSet<>());
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
        return new Update(fields, more, removed);
    }

    public Update untag(String tag) {
        TreeSet<String> more = new TreeSet<>(removed);
        more.add(tag);
        return new Update(fields, added, more);
    }

    private Update with(FieldName field, Value value) {
        TreeMap<FieldName, Value> more = new TreeMap<>(fields);
        more.put(field, value);
        return new Update(more, added, removed);
    }
}

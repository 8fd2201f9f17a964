package dev.loam;

import dev.loam.core.FieldName;
import dev.loam.core.Value;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which memories a recall may return. All that is named must hold. Immutable; each method gives a
 * narrower filter.
 *
 * @param tags each of which the memory must bear
 * @param fields the values that its fields must have
 * @param from the earliest time, inclusive
 * @param to the latest time, exclusive
 */
public record Filter(
        SortedSet<String> tags,
        SortedMap<FieldName, Value> fields,
        Optional<Instant> from,
        Optional<Instant> to) {
    private static final Filter ALL =
            new Filter(new TreeSet<>(), new TreeMap<>(), Optional.empty(), Optional.empty());

    public Filter {
        tags = Collections.unmodifiableSortedSet(new TreeSet<>(tags));
        fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
    }

    /** Lets every memory pass. */
    public static Filter all() {
        return ALL;
    }

    public Filter tag(String tag) {
        TreeSet<String> more = new TreeSet<>(tags);
        more.add(tag);
        return new Filter(more, fields, from, to);
    }

    public Filter session(String session) {
        return where("session", new Value.Text(session));
    }

    public Filter where(String field, Value value) {
        TreeMap<FieldName, Value> more = new TreeMap<>(fields);
        more.put(new FieldName(field), value);
        return new Filter(tags, more, from, to);
    }

    public Filter from(Instant inclusive) {
        return new Filter(tags, fields, Optional.of(inclusive), to);
    }

    public Filter to(Instant exclusive) {
        return new Filter(tags, fields, from, Optional.of(exclusive));
    }
}

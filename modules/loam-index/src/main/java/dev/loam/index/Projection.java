package dev.loam.index;

import dev.loam.core.Bytes;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a record is searched by.
 *
 * @param alive whether it is found at all; of a dead record the other parts are not looked at
 * @param session the scope within which neighbouring turns lend each other context
 * @param turn the place in the session, before the key
 * @param keywords the values that equality filters see, by field, as typed strings
 * @param vectors by model, float32 little endian, of any length but not zero; only those made from
 *     the present text
 * @param unembedded the models that lack a vector of the present text
 * @param conflicted whether somebody must choose between values of it
 */
public record Projection(
        boolean alive,
        Optional<String> text,
        Optional<String> session,
        long turn,
        Optional<Long> timeMillis,
        SortedSet<String> tags,
        SortedMap<String, String> keywords,
        SortedMap<String, Bytes> vectors,
        SortedSet<String> unembedded,
        boolean conflicted) {
    private static final Projection DEAD =
            new Projection(
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    0,
                    Optional.empty(),
                    new TreeSet<>(),
                    new TreeMap<>(),
                    new TreeMap<>(),
                    new TreeSet<>(),
                    false);

    public Projection {
        tags = Collections.unmodifiableSortedSet(new TreeSet<>(tags));
        keywords = Collections.unmodifiableSortedMap(new TreeMap<>(keywords));
        vectors = Collections.unmodifiableSortedMap(new TreeMap<>(vectors));
        unembedded = Collections.unmodifiableSortedSet(new TreeSet<>(unembedded));
    }

    /** Of a deleted record. */
    public static Projection dead() {
        return DEAD;
    }
}

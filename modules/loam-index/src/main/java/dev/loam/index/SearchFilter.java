package dev.loam.index;

import java.util.Collections;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which records a search may return; all that is named must hold.
 *
 * @param tags each of which the record must bear
 * @param keywords the values that fields must have, as {@link Projection#keywords} has them
 * @param fromMillis the earliest time, inclusive
 * @param toMillis the latest time, exclusive
 */
public record SearchFilter(
        SortedSet<String> tags,
        SortedMap<String, String> keywords,
        OptionalLong fromMillis,
        OptionalLong toMillis) {
    private static final SearchFilter ALL =
            new SearchFilter(
                    new TreeSet<>(), new TreeMap<>(), OptionalLong.empty(), OptionalLong.empty());

    public SearchFilter {
        tags = Collections.unmodifiableSortedSet(new TreeSet<>(tags));
        keywords = Collections.unmodifiableSortedMap(new TreeMap<>(keywords));
    }

    /** Lets every record of the vault pass. */
    public static SearchFilter all() {
        return ALL;
    }
}

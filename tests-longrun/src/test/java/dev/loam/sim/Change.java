package dev.loam.sim;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a write does to one memory.
 *
 * @param text and what else it sets, by field
 */
record Change(String key, Kind kind, SortedMap<String, String> text, Tags tags, Amounts amounts) {
    enum Kind {
        /** Replaces whatever its device has seen. */
        PUT,
        UPDATE,
        /** Ends what its device has seen. */
        DELETE,
        /** Ends that, and whatever has not seen it. */
        REMOVE,
        /** The same, and nothing of what it ends is left anywhere. */
        FORGET
    }

    /** What it does to the set of tags. */
    record Tags(SortedSet<String> added, SortedSet<String> removed) {
        static final Tags NONE = new Tags(new TreeSet<>(), new TreeSet<>());

        Tags {
            added = Collections.unmodifiableSortedSet(new TreeSet<>(added));
            removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
        }

        boolean isNone() {
            return added.isEmpty() && removed.isEmpty();
        }
    }

    Change {
        text = Collections.unmodifiableSortedMap(new TreeMap<>(text));
    }

    /** An end of either kind. */
    static Change end(String key, Kind kind) {
        return new Change(key, kind, new TreeMap<>(), Tags.NONE, Amounts.NONE);
    }

    /** Whether it ends what has not seen it, too. */
    boolean isRemoval() {
        return kind == Kind.REMOVE || kind == Kind.FORGET;
    }

    Change with(Amounts others) {
        return new Change(key, kind, text, tags, others);
    }

    /** Whether a memory is alive by it. */
    boolean keepsAlive() {
        return kind == Kind.PUT
                || !text.isEmpty()
                || !tags.added().isEmpty()
                || amounts.keepAlive();
    }

    /** The words of it that stand nowhere else. */
    List<String> canaries() {
        return Stream.concat(
                        text.values().stream(),
                        amounts.logs().values().stream()
                                .filter(Amounts.Line.Append.class::isInstance)
                                .map(line -> ((Amounts.Line.Append) line).entry()))
                .map(Canary::in)
                .distinct()
                .toList();
    }

    /** Whether there is nothing to be written for it. */
    boolean isVoid() {
        return kind == Kind.UPDATE && text.isEmpty() && tags.isNone() && amounts.isNone();
    }
}

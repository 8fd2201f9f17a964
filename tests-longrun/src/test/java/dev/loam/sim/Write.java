package dev.loam.sim;

import java.util.BitSet;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A write as the model knows it.
 *
 * @param number in the order in which all devices made theirs: never before one that it saw
 * @param seen the numbers of those that its device knew
 * @param text and what else it sets, by field
 */
record Write(
        int number,
        int device,
        BitSet seen,
        Kind kind,
        String key,
        SortedMap<String, String> text,
        SortedSet<String> added,
        SortedSet<String> removed) {

    enum Kind {
        /** Replaces whatever its device has seen. */
        PUT,
        UPDATE,
        DELETE
    }

    Write {
        seen = (BitSet) seen.clone();
        text = new TreeMap<>(text);
        added = new TreeSet<>(added);
        removed = new TreeSet<>(removed);
    }

    boolean saw(Write other) {
        return seen.get(other.number);
    }

    /** Whether a memory is alive by it. */
    boolean keepsAlive() {
        return kind == Kind.PUT || !text.isEmpty() || !added.isEmpty();
    }
}

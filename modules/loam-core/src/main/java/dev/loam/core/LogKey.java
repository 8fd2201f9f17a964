package dev.loam.core;

import java.util.Comparator;

/**
 * Where an entry stands in an append log, for ever: entries are ordered by the stamp of their
 * batch, between equal ones by their dot.
 */
public record LogKey(Stamp stamp, Dot dot) implements Comparable<LogKey> {
    private static final Comparator<LogKey> ORDER =
            Comparator.comparing(LogKey::stamp).thenComparing(LogKey::dot);

    /** The least key after this one. */
    public LogKey next() {
        return new LogKey(stamp, new Dot(dot.actor(), dot.counter() + 1));
    }

    @Override
    public int compareTo(LogKey other) {
        return ORDER.compare(this, other);
    }
}

package dev.loam.core;

import java.util.Comparator;

/**
 * A value as one operation wrote it.
 *
 * @param stamp orders it among values that were written concurrently
 */
record Version<V>(Dot dot, Stamp stamp, V value) {
    static final Comparator<Version<?>> BY_DOT = Comparator.comparing(Version::dot);

    /** The greatest stamp wins; between equal ones the greatest dot. */
    static final Comparator<Version<?>> WINNER_FIRST =
            Comparator.<Version<?>, Stamp>comparing(Version::stamp)
                    .thenComparing(Version::dot)
                    .reversed();
}

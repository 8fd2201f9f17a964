package dev.loam.core;

import java.util.function.Predicate;

/** What holds live dots, and shrinks as operations overwrite them. Immutable. */
interface Dotted<T> {
    /** This without the dots that are gone, and without all that is settled. */
    T without(Predicate<Dot> gone);

    /**
     * This without the dots that are settled; what they stand for stays.
     *
     * @return this very object if there is nothing to drop
     */
    T settled(Predicate<Dot> isSettled);

    /** Whether there is something in it that some operation still to come may not have seen. */
    boolean hasUnsettled(Predicate<Dot> isSettled);

    boolean isEmpty();
}

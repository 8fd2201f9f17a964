package dev.loam.core;

import java.util.function.Predicate;

/** What holds live dots, and shrinks as operations overwrite them. Immutable. */
interface Dotted<T> {
    /** This without the dots that are gone, and without all that is settled. */
    T without(Predicate<Dot> gone);

    /** This without the dots that are settled; what they stand for stays. */
    T settled(Predicate<Dot> isSettled);

    /** Whether something in it is not settled. */
    boolean hasLiveDots();

    boolean isEmpty();
}

package dev.loam.core;

import java.util.function.Predicate;

/** What holds live dots, and shrinks as operations overwrite them. Immutable. */
interface Dotted<T> {
    /** This without the dots that are gone. */
    T without(Predicate<Dot> gone);

    boolean isEmpty();
}

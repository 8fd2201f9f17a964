package dev.loam.core;

/** Whether a content operation goes on with the record as its author saw it, or begins it anew. */
public enum Lifetime {
    /** Goes on: values that the operation does not name stay. */
    CURRENT,
    /** Begins anew: before it applies, every value that its author saw goes. */
    FRESH
}

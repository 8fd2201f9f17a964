package dev.loam;

import dev.loam.core.FieldName;
import dev.loam.core.Value;

/**
 * What an {@link Update} does to a field that concurrent changes make together. Counters, logs,
 * maxima and minima have names of their own each: a counter and a field may share one.
 */
public sealed interface FieldChange {
    FieldName field();

    /** Adds to a counter. */
    record Increment(FieldName field, long amount) implements FieldChange {}

    /** Takes a counter away as far as this device has seen it. */
    record Reset(FieldName field) implements FieldChange {}

    /** Adds an entry to a log. */
    record Append(FieldName field, Value entry) implements FieldChange {}

    /** Drops all but the last entries of a log. */
    record Truncate(FieldName field, int kept) implements FieldChange {}

    /** Raises a maximum; nothing is written if it is as great already. */
    record Max(FieldName field, Value value) implements FieldChange {}

    /** Lowers a minimum; nothing is written if it is as small already. */
    record Min(FieldName field, Value value) implements FieldChange {}
}

package dev.loam;

import dev.loam.core.FieldName;
import dev.loam.core.Value;
import java.util.Optional;

/**
 * Something that this device wrote and that was not written anew.
 *
 * @param theirs what the field holds instead
 */
record InboxNote(
        String key,
        Kind kind,
        Optional<FieldName> field,
        Optional<Value> mine,
        Optional<Value> theirs) {
    /** What was to be done. Names stand in records and never change. */
    enum Kind {
        SET,
        ADD,
        INCREMENT,
        APPEND,
        DELETE,
        RESET,
        TRUNCATE,
        UNKNOWN
    }
}

package dev.loam.index;

import dev.loam.core.Bytes;
import dev.loam.core.RecordId;

/**
 * The whole new state of one record. The index does not interpret the bytes itself.
 *
 * @param isFirst whether no state of the record was applied before it
 */
public record RecordChange(RecordId id, Bytes state, boolean isFirst) {
    /** Of a record that the index may hold. */
    public static RecordChange next(RecordId id, Bytes state) {
        return new RecordChange(id, state, false);
    }

    /**
     * Of a record that the index holds nothing of, neither indexed nor pending: it is not looked
     * for. To apply it twice leaves the record in the index twice.
     */
    public static RecordChange first(RecordId id, Bytes state) {
        return new RecordChange(id, state, true);
    }
}

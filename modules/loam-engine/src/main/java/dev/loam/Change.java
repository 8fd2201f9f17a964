package dev.loam;

import dev.loam.core.BatchId;
import dev.loam.core.DeviceId;
import dev.loam.core.Value;
import java.time.Instant;
import java.util.Optional;

/**
 * One change of a memory: who made it, when, and from what to what.
 *
 * @param time by the hybrid clock of the device that made it, to the millisecond
 * @param device that made it; empty if the vault does not know its author (any more)
 * @param batch by which it was made: its vault, the actor as which the device wrote, and a number.
 *     Changes of one batch were made together
 * @param kind what happened
 * @param name of the field, of the field that holds the tags, or of the vector's model; empty for
 *     {@link Kind#DELETED} and {@link Kind#RESTORED}
 * @param from what reads returned before; empty if nothing, and for vectors
 * @param to what was written; empty if nothing, and for vectors
 */
public record Change(
        Instant time,
        Optional<DeviceId> device,
        BatchId batch,
        Kind kind,
        String name,
        Optional<Value> from,
        Optional<Value> to) {
    /** What a change did. */
    public enum Kind {
        /** Reads return another value of a field, or none any more. */
        SET,
        /**
         * A value was written by a device that did not know of {@code from}: both stay, reads
         * return the later one, and {@link Vault#siblings} returns both.
         */
        SET_BESIDE,
        /** An element, such as a tag, was added to a set. */
        ADDED,
        /** An element was removed from a set. */
        REMOVED,
        /** A vector of this model was given or replaced. */
        VECTOR,
        /** The memory was deleted. */
        DELETED,
        /** Content came back, or came anew, after the memory had been deleted. */
        RESTORED
    }
}

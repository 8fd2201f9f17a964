package dev.loam.core;

import java.util.Optional;
import java.util.OptionalLong;

/** What a store remembers of batches older than its actors' tips. */
@FunctionalInterface
public interface ChainHistory {
    /** The first 8 bytes of the chain hash of a batch applied here; empty if no longer known. */
    Optional<Bytes> prefix(ActorId actor, long sequence);

    /**
     * What that batch's author had applied with it, the batch included. A store that takes cuts
     * tells this of every batch above its horizon.
     */
    default Optional<VersionVector> context(ActorId actor, long sequence) {
        return Optional.empty();
    }

    /** The counter of that batch's last operation; empty if no longer known. */
    default OptionalLong counter(ActorId actor, long sequence) {
        return OptionalLong.empty();
    }

    /** Whether an operation that was applied here is a purge, or is no longer known. */
    default boolean mayBePurge(Dot applied) {
        return true;
    }
}

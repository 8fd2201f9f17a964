package dev.loam.core;

import java.util.Optional;

/**
 * Who judges a batch, and what it knows beside the vault's state.
 *
 * @param self the actor that the store writes as; empty if it writes as none
 * @param history of the batches that it has applied
 * @param named what batches that wait there name; see {@link VaultState#named}
 * @param wallMillis its device's clock, since 1970
 */
public record Receiver(
        Optional<ActorId> self, ChainHistory history, VersionVector named, long wallMillis) {
    /** One that writes as nobody, and where nothing waits. */
    public static Receiver of(ChainHistory history, long wallMillis) {
        return new Receiver(Optional.empty(), history, VersionVector.EMPTY, wallMillis);
    }
}

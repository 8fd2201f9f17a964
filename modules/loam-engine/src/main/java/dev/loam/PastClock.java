package dev.loam;

import dev.loam.PeerContacts.Contact;
import dev.loam.core.ActorState;
import dev.loam.core.DeviceId;
import dev.loam.core.Gate;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.core.VersionVector;
import java.util.Collection;
import java.util.List;

/**
 * Vaults in which this store wrote while its clock was ahead of what it is now. No stamp of an
 * actor is before its last one, so all that it writes there is ahead as well, and waits at the
 * others until the time has come that the clock once showed. A new actor begins with the clock as
 * it is.
 */
final class PastClock {
    private final Store store;
    private final DeviceId peer;

    PastClock(Store store, DeviceId peer) {
        this.store = store;
        this.peer = peer;
    }

    /**
     * Of vaults in which a peer keeps batches of this store waiting for its clock, those in which
     * this store's clock says the same: it was wrong and is right. While it is wrong still, the
     * others' clocks are as likely to be, and nothing is to be done but to tell.
     */
    List<VaultId> left(Collection<VaultId> waiting) {
        return waiting.stream()
                .map(store.state()::vault)
                .filter(vault -> isAhead(vault) && canBeServed(vault))
                .map(VaultState::id)
                .toList();
    }

    private boolean isAhead(VaultState vault) {
        long bound = store.environment().now().toEpochMilli() + Gate.CLOCK_AHEAD_MILLIS_MAX;
        return ControlBatch.author(store, vault)
                .flatMap(vault::actor)
                .filter(own -> own.stamp().millis() > bound)
                .isPresent();
    }

    /**
     * Whether the peer is in the vault and knows it. Whose enrolment is among what waits has no
     * snapshot to give.
     */
    private boolean canBeServed(VaultState vault) {
        VersionVector holds =
                store.contacts()
                        .of(peer)
                        .map(Contact::holds)
                        .map(all -> all.get(vault.id()))
                        .orElse(VersionVector.EMPTY);
        return vault.actors().values().stream()
                .filter(actor -> actor.device().equals(peer) && !actor.isExcluded())
                .anyMatch(actor -> hasEntered(actor, holds));
    }

    private static boolean hasEntered(ActorState actor, VersionVector holds) {
        return actor.tip().sequence() > 0 || holds.covers(actor.enrolled());
    }
}

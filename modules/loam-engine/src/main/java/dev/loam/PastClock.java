package dev.loam;

import dev.loam.PeerContacts.Contact;
import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.DeviceId;
import dev.loam.core.Gate;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.core.VersionVector;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

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
    List<VaultId> left(SortedMap<VaultId, SortedMap<ActorId, Long>> waiting) {
        List<VaultId> left = new ArrayList<>();
        waiting.forEach(
                (id, authors) -> {
                    VaultState vault = store.state().vault(id);
                    boolean isOfThePast = isAhead(vault) || isOrphan(vault, authors);
                    if (isOfThePast && canBeServed(vault)) {
                        left.add(id);
                    }
                });
        return left;
    }

    /**
     * Whether this store was let in by batches that are ahead of its own clock as well, and that
     * the peer does not take: so it takes nothing that this store writes, and nobody there can name
     * it.
     */
    private boolean isOrphan(VaultState vault, SortedMap<ActorId, Long> waiting) {
        TreeMap<ActorId, Long> ahead = new TreeMap<>(waiting);
        ahead.keySet().removeIf(author -> !isAhead(vault, author));
        return ControlBatch.author(store, vault)
                .flatMap(vault::actor)
                .filter(own -> own.isLetInBehind(ahead))
                .isPresent();
    }

    private boolean isAhead(VaultState vault) {
        return ControlBatch.author(store, vault).filter(own -> isAhead(vault, own)).isPresent();
    }

    private boolean isAhead(VaultState vault, ActorId author) {
        long bound = store.environment().now().toEpochMilli() + Gate.CLOCK_AHEAD_MILLIS_MAX;
        return vault.actor(author).filter(state -> state.stamp().millis() > bound).isPresent();
    }

    /**
     * Whether the peer is in the vault and knows it. Whose enrolment is among what waits has no
     * snapshot to give; of an exclusion that is among it the peer has not heard.
     */
    private boolean canBeServed(VaultState vault) {
        VersionVector holds =
                store.contacts()
                        .of(peer)
                        .map(Contact::holds)
                        .map(all -> all.get(vault.id()))
                        .orElse(VersionVector.EMPTY);
        return vault.actors().values().stream()
                .filter(actor -> actor.device().equals(peer) && !isExcludedByOthers(vault, actor))
                .anyMatch(actor -> hasEntered(actor, holds));
    }

    private boolean isExcludedByOthers(VaultState vault, ActorState actor) {
        return actor.exclusions().keySet().stream()
                .anyMatch(
                        by ->
                                vault.actor(by)
                                        .filter(each -> each.device().equals(store.device()))
                                        .isEmpty());
    }

    private static boolean hasEntered(ActorState actor, VersionVector holds) {
        return actor.tip().sequence() > 0 || holds.covers(actor.enrolled());
    }
}

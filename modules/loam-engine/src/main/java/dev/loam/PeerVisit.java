package dev.loam;

import dev.loam.PeerContacts.Contact;
import dev.loam.core.ActorId;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Tip;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.core.VersionVector;
import dev.loam.sync.SyncEntry;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One session with a peer, as the store remembers it. Used by the thread that runs the session;
 * what it learns is told when the session ends.
 */
final class PeerVisit {
    private final Store store;
    private final DeviceId peer;
    private final SortedMap<VaultId, VersionVector> atStart = new TreeMap<>();
    private final SortedMap<VaultId, VersionVector> received = new TreeMap<>();

    PeerVisit(Store store, DeviceId peer) {
        this.store = store;
        this.peer = peer;
    }

    /** What is here now, a peer that ends the session as done will have. */
    void begun() {
        store.state().vaults().forEach((id, vault) -> atStart.put(id, vault.frontier()));
    }

    /** Whether the device may still exchange anything with this store. */
    boolean isAdmitted() {
        return isPaired() && !store.isRevoked(peer);
    }

    private boolean isPaired() {
        return store.peers().find(peer).isPresent();
    }

    /**
     * @throws LoamException {@code REVOKED} if the device was revoked; {@code FORBIDDEN} if it is
     *     no peer, or not any more
     */
    void checkPaired() {
        if (store.isRevoked(peer)) {
            throw new LoamException(ErrorCode.REVOKED, "the device " + peer + " was revoked");
        }
        if (!isPaired()) {
            throw new LoamException(
                    ErrorCode.FORBIDDEN,
                    "the device " + peer + " is not paired with this store any more");
        }
    }

    /** What the peer sent was applied here, or waits: it has that itself. */
    void received(VaultId vault, List<SyncEntry> sent) {
        VersionVector held = received.getOrDefault(vault, VersionVector.EMPTY);
        for (SyncEntry entry : sent) {
            if (entry.sequence() > held.get(entry.actor()).sequence()) {
                Batch batch = BatchCodec.decode(entry.batch());
                held = held.with(entry.actor(), batch.tip(entry.sequence()));
            }
        }
        received.put(vault, held);
    }

    /** Remembers the end of the session, durably. Only a peer that has said so is caught up. */
    void ended(SyncReport report) {
        TreeMap<VaultId, VersionVector> holds = new TreeMap<>();
        if (report.isDone()) {
            atStart.forEach(
                    (id, frontier) -> {
                        if (StoreState.actorOf(vault(id), peer).isPresent()) {
                            holds.put(id, frontier);
                        }
                    });
        } else {
            holds.putAll(knownBefore());
        }
        remember(report.reason(), holds);
    }

    /** Remembers a session that ended with an error, durably. */
    void failed(ErrorCode code) {
        remember(code.name(), new TreeMap<>(knownBefore()));
    }

    private SortedMap<VaultId, VersionVector> knownBefore() {
        return store.contacts().of(peer).map(Contact::holds).orElseGet(TreeMap::new);
    }

    private void remember(String result, SortedMap<VaultId, VersionVector> holds) {
        if (store.peers().find(peer).isEmpty()) {
            return;
        }
        received.forEach((id, held) -> holds.merge(id, held, VersionVector::join));
        store.contacts()
                .put(
                        peer,
                        new Contact(
                                store.environment().now(),
                                result,
                                holds,
                                given(),
                                store.parked().stillIn(store.state()).stream()
                                        .filter(each -> each.peer().equals(peer))
                                        .toList()));
    }

    /** All that this device wrote and the peer may have been sent. */
    private SortedMap<VaultId, VersionVector> given() {
        TreeMap<VaultId, VersionVector> given = new TreeMap<>();
        for (VaultState vault : store.state().vaults().values()) {
            if (StoreState.actorOf(vault, peer).isPresent()) {
                TreeMap<ActorId, Tip> own = new TreeMap<>();
                vault.actors()
                        .forEach(
                                (actor, state) -> {
                                    if (state.device().equals(store.device())
                                            && state.tip().sequence() > 0) {
                                        own.put(actor, state.tip());
                                    }
                                });
                given.put(vault.id(), VersionVector.of(own));
            }
        }
        return given;
    }

    private VaultState vault(VaultId id) {
        return store.state().vault(id);
    }
}

package dev.loam;

import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.VaultId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Changes whom a store trusts, and with what, and tells the audit trail. */
final class PeerChanges {
    private final Store store;
    private final PeerBook peers;

    PeerChanges(Store store) {
        this.store = store;
        this.peers = store.peers();
    }

    void add(Peer peer) {
        if (peer.id().equals(store.device())) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT, "a store cannot be paired with itself");
        }
        if (store.isRevoked(peer.id())) {
            throw new LoamException(
                    ErrorCode.REVOKED,
                    "the device " + peer.id() + " was revoked and cannot be paired again");
        }
        Optional<Peer> before = peers.find(peer.id());
        peers.put(peer);
        if (!before.equals(peers.find(peer.id()))) {
            store.audit().record(new AuditEvent.Paired(peer.id()));
        }
    }

    Peer rename(DeviceId id, String name) {
        Peer renamed = peers.rename(id, name);
        store.audit().record(new AuditEvent.PeerRenamed(id));
        return renamed;
    }

    Peer limit(DeviceId id, Optional<Set<VaultId>> vaults) {
        if (vaults.filter(Set::isEmpty).isPresent()) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "name at least one vault to exchange; a peer that is to have none is removed");
        }
        Peer limited = peers.limit(id, vaults);
        store.audit().record(new AuditEvent.PeerLimited(id, vaults.map(List::copyOf)));
        return limited;
    }

    void remove(DeviceId id) {
        peers.remove(id);
        store.links().shutOut(id);
        store.contacts().forget(id);
        store.unparking().forget(id);
        store.audit().record(new AuditEvent.PeerRemoved(id));
    }
}

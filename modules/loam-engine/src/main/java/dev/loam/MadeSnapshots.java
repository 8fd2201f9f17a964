package dev.loam;

import dev.loam.core.DeviceId;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The snapshots that this store made since it was opened, the last of each vault: a session that
 * was cut off goes on with the same one. Any thread.
 */
final class MadeSnapshots {
    private final Store store;

    /** Guards the map, and with it the chunks on the disk while one is made. */
    private final ReentrantLock making = new ReentrantLock();

    private final Map<VaultId, SnapshotHead> heads = new TreeMap<>();

    MadeSnapshots(Store store) {
        this.store = store;
    }

    /** The last one, if the peer can go on from it; a new one otherwise. */
    SnapshotHead of(VaultId vault, DeviceId peer) {
        making.lock();
        try {
            SnapshotHead known = heads.get(vault);
            if (known == null || !serves(known.state(), store.state().vault(vault), peer)) {
                known = SnapshotMaker.make(store, vault);
                heads.put(vault, known);
            }
            return known;
        } finally {
            making.unlock();
        }
    }

    /** Deletes what was made of a vault: a session that was cut off begins anew. */
    void forget(VaultId vault) {
        making.lock();
        try {
            heads.remove(vault);
            SnapshotFiles.made(store.folder(), vault).deleteAll();
        } finally {
            making.unlock();
        }
    }

    /** Whether whoever has taken {@code then} lacks nothing settled, and is in as it is now. */
    private static boolean serves(VaultState then, VaultState now, DeviceId peer) {
        return then.horizon().equals(now.horizon())
                && now.actors().entrySet().stream()
                        .filter(actor -> actor.getValue().device().equals(peer))
                        .allMatch(actor -> then.actor(actor.getKey()).isPresent());
    }
}

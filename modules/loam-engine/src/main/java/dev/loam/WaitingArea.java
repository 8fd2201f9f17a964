package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.DeviceId;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.core.VersionVector;
import dev.loam.sync.SyncEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The batches that the gate parked, in the order in which they came, in a scratch file for each
 * peer. They are not in the log, and no peer is told that they are here: each keeps its own and
 * sends them again. So nothing is forced, opening a store empties the area, and what finds no room
 * in it, or on the disk, is left out. In memory there is an index only, in proportion to the bound.
 * Any thread but the writer's, which must not wait for these files.
 *
 * <p>What is read is checked against its checksum, and is judged as if it had just come.
 */
final class WaitingArea {
    static final String DIRECTORY = "waiting";

    /** Of each peer: batches, seals, and {@value #INDEX_BYTES} for each. */
    static final int BYTES_MAX = 64 << 20;

    /** More than what the index takes for a batch, its author's part included. */
    static final int INDEX_BYTES = 512;

    /** Read at once, and one batch more. */
    static final int GROUP_BYTES = 4 << 20;

    /**
     * What waits of one author and came from one peer.
     *
     * @param through the last that a seal covers
     */
    record Run(DeviceId peer, ActorId actor, long first, long through) {}

    private final StoreFolder store;
    private final int bytesMax;

    /** Held while an index is changed and while its file is read and written. */
    private final ReentrantLock lock = new ReentrantLock();

    private final SortedMap<DeviceId, WaitingPeer> peers = new TreeMap<>();

    /** The vaults in which anything waits; replaced as a whole. */
    private volatile SortedSet<VaultId> vaults = Collections.emptySortedSet();

    private WaitingArea(StoreFolder store, int bytesMax) {
        this.store = store;
        this.bytesMax = bytesMax;
    }

    /** Empties what an earlier process left. */
    static WaitingArea open(StoreFolder store) {
        return open(store, BYTES_MAX);
    }

    static WaitingArea open(StoreFolder store, int bytesMax) {
        IndexBuild.deleteTree(store.resolve(DIRECTORY));
        return new WaitingArea(store, bytesMax);
    }

    // ---- what waits

    /** The vaults in which anything waits. */
    SortedSet<VaultId> vaults() {
        return vaults;
    }

    /** What waits in a vault, by peer and author. */
    List<Run> runs(VaultId vault) {
        List<Run> runs = new ArrayList<>();
        if (vaults.contains(vault)) {
            lock.lock();
            try {
                peers.forEach(
                        (peer, waiting) ->
                                waiting.chains(vault)
                                        .forEach(
                                                chain ->
                                                        runs.add(
                                                                new Run(
                                                                        peer,
                                                                        chain.actor(),
                                                                        chain.first(),
                                                                        chain.lastSealed()))));
            } finally {
                lock.unlock();
            }
        }
        return runs;
    }

    /** What the batches that wait in a vault build on, by their authors. */
    Map<ActorId, VersionVector> naming(VaultId vault) {
        Map<ActorId, VersionVector> naming = new TreeMap<>();
        if (vaults.contains(vault)) {
            lock.lock();
            try {
                peers.values().stream()
                        .flatMap(waiting -> waiting.chains(vault).stream())
                        .forEach(
                                chain ->
                                        naming.merge(
                                                chain.actor(), chain.names(), VersionVector::join));
            } finally {
                lock.unlock();
            }
        }
        return naming;
    }

    /** How far the chains are that wait of a peer, for what comes after them. */
    SealCheck.Ahead ahead(DeviceId peer, VaultId vault) {
        if (!vaults.contains(vault)) {
            return SealCheck.Ahead.NOTHING;
        }
        lock.lock();
        try {
            WaitingPeer waiting = peers.get(peer);
            return waiting == null ? SealCheck.Ahead.NOTHING : waiting.ahead(vault);
        } finally {
            lock.unlock();
        }
    }

    /** What is counted against the bound of a peer. */
    long usedBytes(DeviceId peer) {
        lock.lock();
        try {
            WaitingPeer waiting = peers.get(peer);
            return waiting == null ? 0 : waiting.usedBytes();
        } finally {
            lock.unlock();
        }
    }

    // ---- keeping and reading

    /**
     * Keeps batches that have to wait, as far as there is room. What is here is not stored twice.
     *
     * @param parked of each author in its order
     */
    void keep(DeviceId peer, VaultId vault, List<IncomingBatch> parked) {
        if (!parked.isEmpty()) {
            change(vault, () -> peers.computeIfAbsent(peer, this::area).keep(vault, parked));
        }
    }

    private WaitingPeer area(DeviceId peer) {
        return new WaitingPeer(new WaitingFile(store, peer.bytes().toHex()), bytesMax);
    }

    /**
     * The next batches of these authors; see {@link WaitingPeer#read}. One that is damaged is
     * dropped, with what is behind it.
     */
    List<SyncEntry> read(DeviceId peer, VaultId vault, SortedMap<ActorId, Long> from, int batches) {
        List<SyncEntry> group = new ArrayList<>();
        change(vault, peer, waiting -> group.addAll(waiting.read(vault, from, batches)));
        return group;
    }

    // ---- dropping

    /** Drops what has been applied, and what is of authors from whom nothing can come any more. */
    void dropApplied(VaultState vault) {
        change(vault.id(), () -> peers.values().forEach(each -> each.dropApplied(vault)));
    }

    /** Drops what waits of an author and came from a peer, from one batch on. */
    void drop(DeviceId peer, VaultId vault, ActorId actor, long sequence) {
        change(vault, peer, waiting -> waiting.drop(vault, actor, sequence));
    }

    /** Drops all that a peer sent. */
    void forget(DeviceId peer) {
        for (VaultId vault : vaults) {
            change(vault, peer, waiting -> waiting.forget(vault));
        }
    }

    /** Drops all, and what has waited before with it. */
    void forgetAll() {
        lock.lock();
        try {
            List.copyOf(peers.keySet()).forEach(this::forget);
        } finally {
            lock.unlock();
        }
    }

    /** Drops all that waits in a vault. */
    void forget(VaultId vault) {
        change(vault, () -> peers.values().forEach(each -> each.forget(vault)));
    }

    private void change(VaultId vault, DeviceId peer, Consumer<WaitingPeer> edit) {
        change(vault, () -> Optional.ofNullable(peers.get(peer)).ifPresent(edit));
    }

    /** Where a disk fails, all of a peer is dropped, whatever the vault. */
    private void change(VaultId vault, Runnable edit) {
        lock.lock();
        try {
            edit.run();
            peers.values().removeIf(WaitingPeer::isEmpty);
            boolean isIn = peers.values().stream().anyMatch(each -> each.holds(vault));
            if (isIn != vaults.contains(vault)) {
                TreeSet<VaultId> changed = new TreeSet<>();
                peers.values().forEach(each -> changed.addAll(each.vaults()));
                vaults = Collections.unmodifiableSortedSet(changed);
            }
        } finally {
            lock.unlock();
        }
    }
}

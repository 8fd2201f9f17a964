package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.sync.SyncEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What waits of one peer: an index in memory over one scratch file. One thread at a time. */
final class WaitingPeer {
    /** A quarter of the file has to be gained, or it is not worth moving the rest. */
    private static final int GAIN = 4;

    /** What waits in one vault. */
    private static final class Share {
        private final SortedMap<ActorId, WaitingChain> chains = new TreeMap<>();

        /** Of authors that batches which wait here let in. */
        private final SortedMap<ActorId, Bytes> keys = new TreeMap<>();
    }

    private final WaitingFile file;
    private final long bytesMax;
    private final SortedMap<VaultId, Share> shares = new TreeMap<>();
    private long usedBytes;
    private long liveBytes;

    WaitingPeer(WaitingFile file, long bytesMax) {
        this.file = file;
        this.bytesMax = bytesMax;
    }

    boolean isEmpty() {
        return shares.isEmpty();
    }

    /** Batches, seals, and what the index takes. */
    long usedBytes() {
        return usedBytes;
    }

    Set<VaultId> vaults() {
        return Set.copyOf(shares.keySet());
    }

    boolean holds(VaultId vault) {
        return shares.containsKey(vault);
    }

    List<WaitingChain> chains(VaultId vault) {
        return share(vault).map(share -> List.copyOf(share.chains.values())).orElse(List.of());
    }

    private Optional<Share> share(VaultId vault) {
        return Optional.ofNullable(shares.get(vault));
    }

    private Optional<WaitingChain> chain(VaultId vault, ActorId actor) {
        return share(vault).map(share -> share.chains.get(actor));
    }

    SealCheck.Ahead ahead(VaultId vault) {
        SortedMap<ActorId, SealCheck.Head> heads = new TreeMap<>();
        for (WaitingChain chain : chains(vault)) {
            chain.head().ifPresent(head -> heads.put(chain.actor(), head));
        }
        SortedMap<ActorId, Bytes> keys = new TreeMap<>();
        share(vault).ifPresent(share -> keys.putAll(share.keys));
        return new SealCheck.Ahead(heads, keys);
    }

    // ---- keeping

    /**
     * Keeps what is not here yet, in that order. Where one of an author is not kept, for want of
     * room or because it was not verified, none behind it is: a run has no gap.
     */
    void keep(VaultId vault, List<IncomingBatch> group) {
        Set<ActorId> leftOut = new HashSet<>();
        for (IncomingBatch incoming : group) {
            ActorId actor = incoming.entry().actor();
            if (!leftOut.contains(actor) && !keep(vault, incoming)) {
                leftOut.add(actor);
            }
        }
        reclaim(vault);
    }

    private boolean keep(VaultId vault, IncomingBatch incoming) {
        SyncEntry entry = incoming.entry();
        Share share = shares.computeIfAbsent(vault, each -> new Share());
        WaitingChain chain = share.chains.computeIfAbsent(entry.actor(), WaitingChain::new);
        if (chain.holds(incoming)) {
            return true;
        }
        if (incoming.verified().isEmpty()) {
            return false;
        }
        if (chain.at(entry.sequence()).isPresent()) {
            release(chain.dropFrom(entry.sequence()));
        }
        byte[] content = WaitingBatch.content(entry);
        if (!chain.isContinuedBy(entry.sequence()) || !hasRoom(content.length)) {
            return false;
        }
        WaitingBatch waiting = WaitingBatch.at(file.end(), entry, content);
        try {
            file.append(content);
        } catch (IOException full) {
            // It comes again with a later session.
            return false;
        }
        chain.add(
                waiting,
                incoming.batch(),
                new SealCheck.Head(entry.sequence(), incoming.verified().get()));
        SealCheck.keysIn(vault, incoming.batch()).forEach(share.keys::putIfAbsent);
        usedBytes += weight(waiting);
        liveBytes += file.stored(waiting.length());
        return true;
    }

    private static long weight(WaitingBatch waiting) {
        return (long) waiting.length() + WaitingArea.INDEX_BYTES;
    }

    private boolean hasRoom(int length) {
        if (usedBytes + length + WaitingArea.INDEX_BYTES > bytesMax) {
            return false;
        }
        long reach = file.end() + (long) file.stored(length);
        if (reach > bytesMax && file.end() - liveBytes >= file.end() / GAIN && !closeUp()) {
            return false;
        }
        return file.end() + (long) file.stored(length) <= bytesMax;
    }

    /**
     * Moves everything down over what is gone.
     *
     * @return false if the disk failed: what lay where is not known any more, and all is dropped
     */
    private boolean closeUp() {
        try {
            int end = 0;
            for (WaitingBatch each : inOrder()) {
                byte[] content = file.read(each.offset(), each.length()).toArray();
                file.write(end, content);
                each.moveTo(end);
                end += file.stored(content.length);
            }
            file.truncate(end);
            return true;
        } catch (IOException failed) {
            vaults().forEach(this::forget);
            return false;
        }
    }

    private List<WaitingBatch> inOrder() {
        List<WaitingBatch> all = new ArrayList<>();
        vaults().forEach(vault -> chains(vault).forEach(each -> each.batches().forEach(all::add)));
        all.sort(Comparator.comparingInt(WaitingBatch::offset));
        return all;
    }

    // ---- reading

    private record Next(WaitingChain chain, WaitingBatch batch) {}

    /**
     * The next batches of these authors, each from its number on, in the order in which they came,
     * up to a point at which a seal covers all of them. Of the authors only those stay in {@code
     * from} that have any.
     *
     * @param batches about so many
     */
    List<SyncEntry> read(VaultId vault, SortedMap<ActorId, Long> from, int batches) {
        PriorityQueue<Next> order =
                new PriorityQueue<>(Comparator.comparingInt(next -> next.batch().offset()));
        from.entrySet().removeIf(each -> !offer(order, vault, each.getKey(), each.getValue()));
        List<SyncEntry> group = new ArrayList<>();
        Set<ActorId> unsealed = new HashSet<>();
        long bytes = 0;
        while (!order.isEmpty()
                && (!unsealed.isEmpty()
                        || (group.size() < batches && bytes < WaitingArea.GROUP_BYTES))) {
            Next next = order.remove();
            ActorId actor = next.chain().actor();
            Optional<SyncEntry> entry = read(next);
            if (entry.isEmpty()) {
                drop(vault, actor, next.batch().sequence());
                from.remove(actor);
                unsealed.remove(actor);
                continue;
            }
            group.add(entry.get());
            bytes += entry.get().weight();
            if (entry.get().isSealed()) {
                unsealed.remove(actor);
            } else {
                unsealed.add(actor);
            }
            offer(order, vault, actor, next.batch().sequence() + 1);
        }
        return group;
    }

    private boolean offer(PriorityQueue<Next> order, VaultId vault, ActorId actor, long sequence) {
        return chain(vault, actor)
                .flatMap(
                        chain ->
                                chain.sealedFrom(sequence)
                                        .map(batch -> order.add(new Next(chain, batch))))
                .isPresent();
    }

    /** Empty if it is not what was written. */
    private Optional<SyncEntry> read(Next next) {
        try {
            WaitingBatch batch = next.batch();
            return batch.entry(next.chain().actor(), file.read(batch.offset(), batch.length()));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    // ---- dropping

    /** Drops what has been applied of a vault, and what never can be. */
    void dropApplied(VaultState vault) {
        for (WaitingChain chain : chains(vault.id())) {
            boolean isClosed = vault.closed().containsKey(chain.actor());
            long through =
                    isClosed ? Long.MAX_VALUE : vault.frontier().get(chain.actor()).sequence();
            release(chain.dropThrough(through));
        }
        share(vault.id())
                .ifPresent(share -> share.keys.keySet().removeAll(vault.actors().keySet()));
        reclaim(vault.id());
    }

    /** Drops an author's batches from one on. */
    void drop(VaultId vault, ActorId actor, long sequence) {
        chain(vault, actor).ifPresent(chain -> release(chain.dropFrom(sequence)));
        reclaim(vault);
    }

    void forget(VaultId vault) {
        chains(vault).forEach(chain -> release(chain.dropFrom(0)));
        reclaim(vault);
    }

    private void release(List<WaitingBatch> dropped) {
        for (WaitingBatch each : dropped) {
            usedBytes -= weight(each);
            liveBytes -= file.stored(each.length());
        }
    }

    private void reclaim(VaultId vault) {
        Share share = shares.get(vault);
        if (share != null) {
            share.chains.values().removeIf(WaitingChain::isEmpty);
            if (share.chains.isEmpty()) {
                shares.remove(vault);
            }
        }
        if (shares.isEmpty()) {
            file.clear();
        }
    }
}

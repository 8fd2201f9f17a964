package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.ChainHash;
import dev.loam.core.LoamException;
import dev.loam.core.VaultId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A vault in memory. A batch begins with all that its author had, so that one out of causal order
 * is noticed. A seal is a hash of the chain, which serves where nobody forges.
 */
final class ModelVault {
    private static final int BATCHES_UNDER_A_SEAL_MAX = 100;
    private static final ChainHash START = new ChainHash(ModelStore.filled(ChainHash.SIZE, 0));

    private record Held(SyncEntry entry, ChainHash hash) {}

    private final VaultId id;
    private final ActorId self;
    private final List<Held> log = new ArrayList<>();
    private final TreeMap<ActorId, ActorHead> heads = new TreeMap<>();

    ModelVault(VaultId id, ActorId self) {
        this.id = id;
        this.self = self;
    }

    VaultSummary summary() {
        return VaultSummary.of(id, sha256(writeHeads(new ByteWriter())), heads, Set.of(self));
    }

    List<SyncEntry> log() {
        return log.stream().map(Held::entry).toList();
    }

    /** Writes a batch of this device's that is as long as {@code padding} and a little more. */
    void write(int padding) {
        Bytes batch =
                new ByteWriter()
                        .bytes(writeHeads(new ByteWriter()))
                        .raw(ModelStore.filled(padding, 0x77))
                        .toBytes();
        hold(new SyncEntry(self, sequence(self) + 1, batch, Optional.empty()));
    }

    Amount measure(BatchRanges ranges) {
        return log().stream()
                .filter(entry -> ranges.contains(entry.actor(), entry.sequence()))
                .map(entry -> new Amount(1, 1, entry.batch().size()))
                .reduce(Amount.ZERO, Amount::plus);
    }

    SyncInput.BatchesRead read(SyncEffect.Read read) {
        List<Held> found = new ArrayList<>();
        long weight = 0;
        for (Held held : log) {
            SyncEntry entry = held.entry();
            if (read.wanted().contains(entry.actor(), entry.sequence())) {
                weight += entry.weight();
                if (!found.isEmpty() && weight > read.weightMax()) {
                    break;
                }
                found.add(held);
            }
        }
        long lastOwn =
                found.stream()
                        .filter(held -> held.entry().actor().equals(self))
                        .mapToLong(held -> held.entry().sequence())
                        .max()
                        .orElse(0);
        return new SyncInput.BatchesRead(
                id, found.stream().map(held -> sealed(held, lastOwn)).toList());
    }

    private SyncEntry sealed(Held held, long lastOwn) {
        SyncEntry entry = held.entry();
        boolean isDue =
                entry.sequence() == lastOwn || entry.sequence() % BATCHES_UNDER_A_SEAL_MAX == 0;
        return entry.actor().equals(self) && isDue
                ? new SyncEntry(
                        self, entry.sequence(), entry.batch(), Optional.of(seal(held.hash())))
                : entry;
    }

    /** Takes all of the entries, unless one is not as an honest peer would send it. */
    SyncInput apply(SyncEffect.Apply apply) {
        Optional<EndReason> refusal = new Trial(apply.entries()).refusal();
        if (refusal.isPresent()) {
            return new SyncInput.ApplyFailed(id, refusal.get());
        }
        for (SyncEntry entry : apply.entries()) {
            if (entry.sequence() > sequence(entry.actor())) {
                hold(entry);
            }
        }
        return new SyncInput.Applied(id);
    }

    private void hold(SyncEntry entry) {
        ActorHead head = advanced(heads, entry);
        heads.put(entry.actor(), head);
        log.add(new Held(entry, head.hash()));
    }

    private long sequence(ActorId actor) {
        return heads.containsKey(actor) ? heads.get(actor).sequence() : 0;
    }

    private Bytes writeHeads(ByteWriter out) {
        out.varint(heads.size());
        heads.forEach(
                (actor, head) ->
                        out.raw(actor.bytes()).varint(head.sequence()).raw(head.hash().bytes()));
        return out.toBytes();
    }

    private ActorHead advanced(SortedMap<ActorId, ActorHead> from, SyncEntry entry) {
        ActorHead head = from.get(entry.actor());
        Bytes chained =
                new ByteWriter()
                        .raw(id.bytes())
                        .raw(entry.actor().bytes())
                        .varint(entry.sequence())
                        .raw((head == null ? START : head.hash()).bytes())
                        .raw(entry.batch())
                        .toBytes();
        return new ActorHead(entry.sequence(), new ChainHash(sha256(chained)));
    }

    private static Bytes seal(ChainHash hash) {
        return new ByteWriter().raw(hash.bytes()).raw(sha256(hash.bytes())).toBytes();
    }

    private static Bytes sha256(Bytes content) {
        try {
            return Bytes.adopt(MessageDigest.getInstance("SHA-256").digest(content.toArray()));
        } catch (NoSuchAlgorithmException absent) {
            throw new AssertionError(absent);
        }
    }

    /** What would become of the vault. */
    private final class Trial {
        private final List<SyncEntry> entries;
        private final TreeMap<ActorId, ActorHead> reached = new TreeMap<>(heads);
        private final TreeSet<ActorId> unsealed = new TreeSet<>();

        Trial(List<SyncEntry> entries) {
            this.entries = entries;
        }

        Optional<EndReason> refusal() {
            for (SyncEntry entry : entries) {
                ActorHead before = reached.get(entry.actor());
                long known = before == null ? 0 : before.sequence();
                if (entry.sequence() <= known) {
                    continue;
                }
                if (entry.sequence() != known + 1 || !isCausal(entry)) {
                    return Optional.of(EndReason.REFUSED);
                }
                ActorHead head = advanced(reached, entry);
                reached.put(entry.actor(), head);
                unsealed.add(entry.actor());
                if (entry.isSealed()) {
                    unsealed.remove(entry.actor());
                    if (!entry.seal().get().equals(seal(head.hash()))) {
                        return Optional.of(EndReason.BAD_SEAL);
                    }
                }
            }
            return unsealed.isEmpty() ? Optional.empty() : Optional.of(EndReason.BAD_SEAL);
        }

        /** A batch that is not as it was made is refused, as the store's own gate refuses it. */
        private boolean isCausal(SyncEntry entry) {
            try {
                return hasCauses(entry);
            } catch (LoamException malformed) {
                return false;
            }
        }

        private boolean hasCauses(SyncEntry entry) {
            ByteReader batch = ByteReader.of("batch", entry.batch());
            ByteReader seen = ByteReader.of("heads", batch.bytes());
            int count = seen.count(ActorId.SIZE + 1 + ChainHash.SIZE);
            for (int i = 0; i < count; i++) {
                ActorId actor = new ActorId(seen.raw(ActorId.SIZE));
                long sequence = seen.varint();
                seen.raw(ChainHash.SIZE);
                ActorHead head = reached.get(actor);
                if (head == null || head.sequence() < sequence) {
                    return false;
                }
            }
            return true;
        }
    }
}

package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.Chain;
import dev.loam.core.ChainHash;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Operation;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.crypto.DeviceIdentity;
import dev.loam.sync.SyncEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Checks the signatures under which batches of a peer come in. */
final class SealCheck {
    /**
     * How far an author's chain is.
     *
     * @param sequence of its last batch
     */
    record Head(long sequence, ChainHash hash) {
        static final Head START = new Head(0, Chain.START);
    }

    /**
     * What is known beyond what was applied: of batches that wait, under verified seals.
     *
     * @param keys of authors that such batches let in
     */
    record Ahead(SortedMap<ActorId, Head> heads, SortedMap<ActorId, Bytes> keys) {
        static final Ahead NOTHING = new Ahead(new TreeMap<>(), new TreeMap<>());
    }

    private final Store store;

    SealCheck(Store store) {
        this.store = store;
    }

    /**
     * Follows the chains from what is held here, or waits here, and checks each signature.
     * Signatures are slow, so this runs before the writer thread sees the batches. Not verified is
     * what was applied before, what continues nothing that is known, and what no seal covers.
     *
     * @throws LoamException {@code FORBIDDEN} for a signature that is not the author's; what {@link
     *     BatchCodec#decode} throws
     */
    List<IncomingBatch> check(VaultId id, List<SyncEntry> entries, Ahead ahead) {
        return new Run(store.state().vault(id), ahead).check(entries);
    }

    /** The devices that a batch lets in, by the actors as which it does. */
    static Map<ActorId, Bytes> keysIn(VaultId vault, Batch batch) {
        Map<ActorId, Bytes> keys = new TreeMap<>();
        if (batch.parts().isEmpty() || !batch.parts().getFirst().key().isEmpty()) {
            return keys;
        }
        for (Operation operation : batch.parts().getFirst().operations()) {
            switch (operation) {
                case Operation.Found(String name, Bytes key, Bytes nonce) ->
                        keys.put(ActorId.of(DeviceIdentity.idOf(key), vault, nonce), key);
                case Operation.Enrol(Bytes key, Bytes nonce, var _) ->
                        keys.put(ActorId.of(DeviceIdentity.idOf(key), vault, nonce), key);
                default -> {}
            }
        }
        return keys;
    }

    private static final class Run {
        private final VaultState vault;
        private final Ahead ahead;
        private final SortedMap<ActorId, Bytes> keys;
        private final SortedMap<ActorId, Head> heads = new TreeMap<>();

        /** By author, what is behind its last seal so far: places in {@link #hashes}. */
        private final SortedMap<ActorId, List<Integer>> uncovered = new TreeMap<>();

        private final List<Optional<ChainHash>> hashes = new ArrayList<>();

        Run(VaultState vault, Ahead ahead) {
            this.vault = vault;
            this.ahead = ahead;
            this.keys = new TreeMap<>(ahead.keys());
            vault.actors()
                    .forEach(
                            (actor, state) -> {
                                keys.put(actor, state.publicKey());
                                heads.put(actor, new Head(state.tip().sequence(), state.hash()));
                            });
        }

        List<IncomingBatch> check(List<SyncEntry> entries) {
            List<Batch> batches = new ArrayList<>(entries.size());
            for (SyncEntry entry : entries) {
                Batch batch = BatchCodec.decode(entry.batch());
                batches.add(batch);
                hashes.add(Optional.empty());
                if (entry.sequence() > vault.frontier().get(entry.actor()).sequence()
                        && !vault.closed().containsKey(entry.actor())) {
                    // Authors may be let in by batches of this very run.
                    keysIn(vault.id(), batch).forEach(keys::putIfAbsent);
                    follow(entry, hashes.size() - 1);
                }
            }
            uncovered.values().forEach(places -> places.forEach(this::forget));
            List<IncomingBatch> checked = new ArrayList<>(entries.size());
            for (int i = 0; i < entries.size(); i++) {
                checked.add(new IncomingBatch(entries.get(i), batches.get(i), hashes.get(i)));
            }
            return checked;
        }

        private void forget(int place) {
            hashes.set(place, Optional.empty());
        }

        private void follow(SyncEntry entry, int place) {
            BatchId id = entry.id(vault.id());
            Optional<Head> before = headBefore(id);
            if (before.isEmpty()) {
                return;
            }
            ChainHash hash = Chain.next(id, before.get().hash(), entry.batch());
            heads.put(id.actor(), new Head(id.sequence(), hash));
            hashes.set(place, Optional.of(hash));
            uncovered.computeIfAbsent(id.actor(), same -> new ArrayList<>()).add(place);
            Bytes key = keys.get(id.actor());
            if (entry.seal().isEmpty() || key == null) {
                return;
            }
            if (!DeviceIdentity.verify(key, Chain.sealMessage(id, hash), entry.seal().get())) {
                throw new LoamException(
                        ErrorCode.FORBIDDEN, "a batch of " + id.actor() + " is not sealed by it");
            }
            uncovered.remove(id.actor());
        }

        private Optional<Head> headBefore(BatchId id) {
            Head applied = heads.getOrDefault(id.actor(), Head.START);
            if (applied.sequence() == id.sequence() - 1) {
                return Optional.of(applied);
            }
            return Optional.ofNullable(ahead.heads().get(id.actor()))
                    .filter(waiting -> waiting.sequence() == id.sequence() - 1);
        }
    }
}

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
import dev.loam.sync.SyncEffect;
import dev.loam.sync.SyncEntry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Checks the signatures under which batches of a peer come in. */
final class SealCheck {
    private final Store store;

    SealCheck(Store store) {
        this.store = store;
    }

    /**
     * Follows the chains from what is held here and checks each signature. Signatures are slow, so
     * this runs before the writer thread sees the batches.
     */
    Map<BatchId, Bytes> verifiedSeals(SyncEffect.Apply apply) {
        VaultState vault = store.state().vault(apply.vault());
        SortedMap<ActorId, Bytes> keys = new TreeMap<>();
        SortedMap<ActorId, ChainHash> hashes = new TreeMap<>();
        vault.actors()
                .forEach(
                        (actor, state) -> {
                            keys.put(actor, state.publicKey());
                            hashes.put(actor, state.hash());
                        });
        Map<BatchId, Bytes> seals = new LinkedHashMap<>();
        for (SyncEntry entry : apply.entries()) {
            BatchId id = entry.id(apply.vault());
            if (entry.sequence() <= vault.frontier().get(entry.actor()).sequence()
                    || vault.closed().containsKey(entry.actor())) {
                continue;
            }
            learnKeys(apply.vault(), entry, keys);
            ChainHash hash =
                    Chain.next(id, hashes.getOrDefault(entry.actor(), Chain.START), entry.batch());
            hashes.put(entry.actor(), hash);
            if (entry.seal().isPresent()) {
                Bytes seal = entry.seal().get();
                Bytes key = keys.get(entry.actor());
                if (key == null || !DeviceIdentity.verify(key, Chain.sealMessage(id, hash), seal)) {
                    throw new LoamException(
                            ErrorCode.FORBIDDEN,
                            "a batch of " + entry.actor() + " is not sealed by it");
                }
                seals.put(id, seal);
            }
        }
        return seals;
    }

    /** Authors may be let in by batches of this very run. */
    private static void learnKeys(VaultId vault, SyncEntry entry, SortedMap<ActorId, Bytes> keys) {
        Batch batch = BatchCodec.decode(entry.batch());
        if (batch.parts().isEmpty() || !batch.parts().getFirst().key().isEmpty()) {
            return;
        }
        for (Operation operation : batch.parts().getFirst().operations()) {
            switch (operation) {
                case Operation.Found(String name, Bytes key, Bytes nonce) ->
                        keys.putIfAbsent(ActorId.of(DeviceIdentity.idOf(key), vault, nonce), key);
                case Operation.Enrol(Bytes key, Bytes nonce, var _) ->
                        keys.putIfAbsent(ActorId.of(DeviceIdentity.idOf(key), vault, nonce), key);
                default -> {}
            }
        }
    }
}

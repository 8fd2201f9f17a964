package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.VaultId;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A store in memory, without records: per vault its batches in the order of the log. */
final class ModelStore {
    private final ActorId self;
    private final TreeMap<VaultId, ModelVault> vaults = new TreeMap<>();

    ModelStore(int device) {
        this.self = actor(device);
    }

    static VaultId vault(int number) {
        return new VaultId(filled(VaultId.SIZE, 0xa0 + number));
    }

    static ActorId actor(int device) {
        return new ActorId(filled(ActorId.SIZE, 0x10 + device));
    }

    static Bytes filled(int size, int value) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) value);
        return Bytes.adopt(bytes);
    }

    ModelVault of(VaultId vault) {
        return vaults.computeIfAbsent(vault, id -> new ModelVault(id, self));
    }

    /** How far each vault is of which anything is held: all that two stores may differ in. */
    SortedMap<VaultId, SortedMap<ActorId, ActorHead>> heads() {
        SortedMap<VaultId, SortedMap<ActorId, ActorHead>> heads = new TreeMap<>();
        summary().vaults().forEach((vault, summary) -> heads.put(vault, summary.heads()));
        heads.values().removeIf(Map::isEmpty);
        return heads;
    }

    SyncInput.Measured measure(SyncEffect.Measure measure) {
        SortedMap<VaultId, Amount> amounts = new TreeMap<>();
        measure.batches().forEach((vault, ranges) -> amounts.put(vault, of(vault).measure(ranges)));
        return new SyncInput.Measured(amounts);
    }

    LocalSummary summary() {
        return LocalSummary.of(vaults.values().stream().map(ModelVault::summary).toList());
    }
}

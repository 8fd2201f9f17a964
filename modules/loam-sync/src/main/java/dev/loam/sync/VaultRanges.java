package dev.loam.sync;

import dev.loam.core.VaultId;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Batches of several vaults. A vault of which there are none is not in the map. Immutable. */
record VaultRanges(SortedMap<VaultId, BatchRanges> vaults) {
    static final VaultRanges NONE = new VaultRanges(new TreeMap<>());

    VaultRanges {
        vaults = Collections.unmodifiableSortedMap(new TreeMap<>(vaults));
    }

    boolean isEmpty() {
        return vaults.isEmpty();
    }

    BatchRanges of(VaultId vault) {
        return vaults.getOrDefault(vault, BatchRanges.NONE);
    }

    VaultRanges with(VaultId vault, BatchRanges ranges) {
        TreeMap<VaultId, BatchRanges> changed = new TreeMap<>(vaults);
        if (ranges.isEmpty()) {
            changed.remove(vault);
        } else {
            changed.put(vault, ranges);
        }
        return new VaultRanges(changed);
    }

    VaultRanges plus(VaultRanges more) {
        VaultRanges all = this;
        for (Map.Entry<VaultId, BatchRanges> entry : more.vaults.entrySet()) {
            all = all.with(entry.getKey(), of(entry.getKey()).plus(entry.getValue()));
        }
        return all;
    }

    /** These, each begun at the end of what {@code before} has of the same actor. */
    VaultRanges onTopOf(VaultRanges before) {
        VaultRanges moved = NONE;
        for (Map.Entry<VaultId, BatchRanges> entry : vaults.entrySet()) {
            VaultId vault = entry.getKey();
            moved = moved.with(vault, entry.getValue().onTopOf(before.of(vault)));
        }
        return moved;
    }

    long batches() {
        return vaults.values().stream().mapToLong(BatchRanges::batches).sum();
    }
}

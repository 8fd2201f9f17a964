package dev.loam.sync;

import dev.loam.core.VaultId;
import java.util.Collections;
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

    long batches() {
        return vaults.values().stream().mapToLong(BatchRanges::batches).sum();
    }

    /** How many batches of each vault. */
    SortedMap<VaultId, Long> counts() {
        TreeMap<VaultId, Long> counts = new TreeMap<>();
        vaults.forEach((vault, ranges) -> counts.put(vault, ranges.batches()));
        return counts;
    }
}

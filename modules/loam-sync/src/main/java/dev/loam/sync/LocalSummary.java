package dev.loam.sync;

import dev.loam.core.Invariant;
import dev.loam.core.VaultId;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What this store is about to tell a peer of itself: exactly the vaults that the peer is in.
 * Nothing of any other vault is ever named or sent.
 */
public record LocalSummary(SortedMap<VaultId, VaultSummary> vaults) {
    /** Of a store that shares no vault with the peer, and may be about to receive the first. */
    public static final LocalSummary NOTHING = new LocalSummary(new TreeMap<>());

    public LocalSummary {
        vaults = Collections.unmodifiableSortedMap(new TreeMap<>(vaults));
    }

    public static LocalSummary of(Collection<VaultSummary> vaults) {
        TreeMap<VaultId, VaultSummary> sorted = new TreeMap<>();
        for (VaultSummary vault : vaults) {
            Invariant.check(
                    sorted.put(vault.vault(), vault) == null, "Vault {0} twice", vault.vault());
        }
        return new LocalSummary(sorted);
    }
}

package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.VaultId;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A device that this store is paired with.
 *
 * @param publicKey its Ed25519 key, 32 bytes; the id is the hash of it
 * @param name for people
 * @param addresses {@code host:port} where it was last known to listen; may be empty
 * @param vaults the only ones that are exchanged with it; empty: all
 */
public record Peer(
        DeviceId id,
        Bytes publicKey,
        String name,
        List<String> addresses,
        Optional<Set<VaultId>> vaults) {
    public Peer {
        addresses = List.copyOf(addresses);
        vaults = vaults.map(TreeSet::new).map(Collections::unmodifiableSet);
    }

    /** A device with which all vaults are exchanged. */
    public Peer(DeviceId id, Bytes publicKey, String name, List<String> addresses) {
        this(id, publicKey, name, addresses, Optional.empty());
    }

    Peer named(String newName) {
        return new Peer(id, publicKey, newName, addresses, vaults);
    }

    Peer only(Optional<Set<VaultId>> chosen) {
        return new Peer(id, publicKey, name, addresses, chosen);
    }
}

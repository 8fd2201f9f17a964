package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import java.util.List;

/**
 * A device that this store is paired with.
 *
 * @param publicKey its Ed25519 key, 32 bytes; the id is the hash of it
 * @param name for people
 * @param addresses {@code host:port} where it was last known to listen; may be empty
 */
public record Peer(DeviceId id, Bytes publicKey, String name, List<String> addresses) {
    public Peer {
        addresses = List.copyOf(addresses);
    }
}

package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.VaultId;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a device that goes on under a new actor asks of a member: for each vault the nonce of that
 * actor, 24 bytes together, in the vaults' order.
 */
final class Introduction {
    /** More vaults are asked for in the next session. */
    static final int VAULTS_MAX = 16;

    private static final int ENTRY_BYTES = VaultId.SIZE + ActorId.NONCE_SIZE;

    private Introduction() {}

    static Bytes encode(SortedMap<VaultId, Bytes> nonces) {
        byte[] encoded = new byte[Math.min(VAULTS_MAX, nonces.size()) * ENTRY_BYTES];
        int at = 0;
        for (Map.Entry<VaultId, Bytes> each : nonces.entrySet()) {
            if (at < encoded.length) {
                each.getKey().bytes().copyTo(encoded, at);
                each.getValue().copyTo(encoded, at + VaultId.SIZE);
                at += ENTRY_BYTES;
            }
        }
        return Bytes.adopt(encoded);
    }

    static SortedMap<VaultId, Bytes> decode(Bytes encoded) {
        if (encoded.size() % ENTRY_BYTES != 0 || encoded.size() > VAULTS_MAX * ENTRY_BYTES) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a peer asked to be let into vaults in a form that none has");
        }
        TreeMap<VaultId, Bytes> nonces = new TreeMap<>();
        for (int at = 0; at < encoded.size(); at += ENTRY_BYTES) {
            nonces.put(
                    new VaultId(encoded.slice(at, at + VaultId.SIZE)),
                    encoded.slice(at + VaultId.SIZE, at + ENTRY_BYTES));
        }
        return nonces;
    }
}

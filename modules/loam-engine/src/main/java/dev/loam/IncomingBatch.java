package dev.loam;

import dev.loam.core.Batch;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.ChainHash;
import dev.loam.core.VaultId;
import dev.loam.sync.SyncEntry;
import java.util.Optional;

/**
 * A batch that came, before the gate has judged it.
 *
 * @param batch what its bytes say
 * @param verified the hash of its author's chain with it, where a seal of its author covers that
 */
record IncomingBatch(SyncEntry entry, Batch batch, Optional<ChainHash> verified) {
    BatchId id(VaultId vault) {
        return entry.id(vault);
    }

    /** The signature under which it came; empty if it was not verified. */
    Optional<Bytes> seal() {
        return verified.isPresent() ? entry.seal() : Optional.empty();
    }
}

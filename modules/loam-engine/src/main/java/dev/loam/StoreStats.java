package dev.loam;

import dev.loam.core.DeviceId;
import dev.loam.core.Position;
import dev.loam.core.StoreId;
import java.util.List;
import java.util.Optional;

/**
 * Figures of an open store.
 *
 * @param digest sum over the vaults
 * @param logBytes bytes on disk of all log segments
 * @param indexBytes bytes on disk of the index
 * @param awaitingEmbedding living records with text that have no fresh vector of the embedder's
 * @param model the embedder's, if there is one
 */
public record StoreStats(
        StoreId store,
        DeviceId device,
        Position end,
        String digest,
        long records,
        List<VaultInfo> vaults,
        int logSegments,
        long logBytes,
        long indexBytes,
        long awaitingEmbedding,
        Optional<String> model,
        int peers) {
    public StoreStats {
        vaults = List.copyOf(vaults);
    }
}

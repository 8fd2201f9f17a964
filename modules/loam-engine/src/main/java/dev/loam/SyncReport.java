package dev.loam;

import dev.loam.core.DeviceId;

/**
 * How a sync session went.
 *
 * @param reason why it ended; {@code DONE} if both sides now have the same operations
 * @param vaults that took part
 * @param sentBatches batches the peer acknowledged as durable
 * @param receivedBatches batches made durable here
 * @param digest of this store afterwards, in hexadecimal
 */
public record SyncReport(
        DeviceId peer,
        String reason,
        int vaults,
        long sentBatches,
        long receivedBatches,
        long sentBytes,
        long receivedBytes,
        String digest) {
    public boolean isDone() {
        return reason.equals("DONE");
    }
}

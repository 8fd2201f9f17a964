package dev.loam.sync;

/**
 * What a session moved.
 *
 * @param vaults that took part: listed by either side
 * @param sentBatches batches that the peer told to be durable there
 * @param receivedBatches batches made durable here
 * @param sentBytes of all frames handed over for sending
 * @param receivedBytes of all frames received
 * @param toSend what this side announced
 * @param toReceive what the peer announced
 */
public record SyncCounts(
        int vaults,
        long sentBatches,
        long receivedBatches,
        long sentBytes,
        long receivedBytes,
        Amount toSend,
        Amount toReceive) {}

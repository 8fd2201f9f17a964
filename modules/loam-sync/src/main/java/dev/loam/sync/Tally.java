package dev.loam.sync;

/** What took part, and the bytes of all frames. */
record Tally(int vaults, long sentBytes, long receivedBytes) {
    static final Tally ZERO = new Tally(0, 0, 0);

    Tally of(int vaultCount) {
        return new Tally(vaultCount, sentBytes, receivedBytes);
    }

    Tally sent(int frameBytes) {
        return new Tally(vaults, sentBytes + frameBytes, receivedBytes);
    }

    Tally received(int frameBytes) {
        return new Tally(vaults, sentBytes, receivedBytes + frameBytes);
    }

    SyncCounts counts(Sender sender, Receiver receiver, Waiting waiting) {
        return new SyncCounts(
                vaults,
                sender.durableBatches() - waiting.sentBatches(),
                receiver.durableBatches() - waiting.receivedBatches(),
                sentBytes,
                receivedBytes,
                sender.announced(),
                receiver.announced());
    }
}

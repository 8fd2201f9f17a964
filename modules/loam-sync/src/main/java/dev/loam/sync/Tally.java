package dev.loam.sync;

/**
 * What was planned, and the bytes that moved.
 *
 * @param toSend batches in all
 * @param toReceive batches in all
 */
record Tally(int vaults, long toSend, long toReceive, long sentBytes, long receivedBytes) {
    static final Tally ZERO = new Tally(0, 0, 0, 0, 0);

    Tally planned(Comparison comparison) {
        return new Tally(
                comparison.vaults(),
                comparison.send().batches(),
                comparison.receive().batches(),
                sentBytes,
                receivedBytes);
    }

    Tally sent(int frameBytes) {
        return new Tally(vaults, toSend, toReceive, sentBytes + frameBytes, receivedBytes);
    }

    Tally received(int frameBytes) {
        return new Tally(vaults, toSend, toReceive, sentBytes, receivedBytes + frameBytes);
    }

    SyncCounts counts(Sender sender, Receiver receiver) {
        return new SyncCounts(
                vaults,
                toSend - sender.unacknowledged().batches(),
                toReceive - receiver.unapplied().batches(),
                sentBytes,
                receivedBytes);
    }
}

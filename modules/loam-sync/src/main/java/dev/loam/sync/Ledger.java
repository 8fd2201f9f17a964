package dev.loam.sync;

import java.util.Optional;

/**
 * What is owed either way, and what has been.
 *
 * @param local as last told
 */
record Ledger(
        LocalSummary local,
        Terms terms,
        There there,
        Sender sender,
        Receiver receiver,
        Snapshots snapshots,
        Optional<Divergence> divergence,
        Tally tally,
        Waiting waiting) {
    static final Ledger EMPTY =
            new Ledger(
                    LocalSummary.NOTHING,
                    Terms.ONCE,
                    There.UNKNOWN,
                    Sender.IDLE,
                    Receiver.IDLE,
                    Snapshots.NONE,
                    Optional.empty(),
                    Tally.ZERO,
                    Waiting.NONE);

    /** How far it is; empty while nothing was announced. */
    Optional<SyncEffect.Progressed> progress() {
        Amount total = sender.announced().plus(receiver.announced());
        return Optional.of(
                        new SyncEffect.Progressed(
                                sender.durableBatches()
                                        + receiver.durableBatches()
                                        - waiting.sentBatches()
                                        - waiting.receivedBatches(),
                                sender.handedOverBytes() + receiver.arrivedBytes(),
                                total))
                .filter(each -> total.batches() > 0);
    }
}

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
        Tally tally) {
    static final Ledger EMPTY =
            new Ledger(
                    LocalSummary.NOTHING,
                    Terms.ONCE,
                    There.UNKNOWN,
                    Sender.IDLE,
                    Receiver.IDLE,
                    Snapshots.NONE,
                    Optional.empty(),
                    Tally.ZERO);
}

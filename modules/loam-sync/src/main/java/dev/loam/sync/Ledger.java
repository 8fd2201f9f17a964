package dev.loam.sync;

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
        Tally tally) {
    static final Ledger EMPTY =
            new Ledger(
                    LocalSummary.NOTHING,
                    Terms.ONCE,
                    There.UNKNOWN,
                    Sender.IDLE,
                    Receiver.IDLE,
                    Tally.ZERO);
}

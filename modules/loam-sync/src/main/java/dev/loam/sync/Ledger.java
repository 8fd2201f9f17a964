package dev.loam.sync;

/** What is owed either way, and what has been. */
record Ledger(Sender sender, Receiver receiver, Tally tally) {
    static final Ledger EMPTY = new Ledger(Sender.IDLE, Receiver.IDLE, Tally.ZERO);
}

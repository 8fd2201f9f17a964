package dev.loam.sync;

import java.time.Instant;

/** Tells by what is owed whether a session that is silent has stalled. */
record Watchdog(Phase phase, Ledger ledger, Pace pace) {
    /**
     * Where this side has nothing to read or to apply, the session can only go on by something that
     * the peer does. It owes a frame, unless the session is live and nothing was announced that has
     * not come, or been confirmed: then it owes a sign of life.
     */
    boolean hasStalled(Instant now) {
        boolean atWork =
                ledger.sender().reading()
                        || ledger.sender().measuring().isPresent()
                        || ledger.receiver().applying().isPresent()
                        || ledger.snapshots().isAtWork()
                        || ledger.divergence().map(Divergence::asking).orElse(false);
        if (phase == Phase.NEW || atWork) {
            return false;
        }
        boolean owes =
                phase != Phase.MOVING
                        || !isLive()
                        || !ledger.sender().isDone()
                        || !ledger.receiver().isDone();
        return owes ? pace.isOverdue(now) : pace.isSilent(now);
    }

    /** A live session that has nothing to say says so now and then. */
    boolean isPingDue(Instant now) {
        return isLive() && isPlanned() && pace.isPingDue(now);
    }

    private boolean isLive() {
        return ledger.terms().isLiveWith(ledger.there());
    }

    /** Whether both plans have crossed. */
    private boolean isPlanned() {
        return phase == Phase.MOVING && ledger.sender().measuring().isEmpty();
    }
}

package dev.loam.sync;

import dev.loam.core.Invariant;

/**
 * Batches that came and that the receiver could not take yet. Nothing is wrong with them; their
 * sender keeps them, and they come again with a later session.
 *
 * @param sentBatches waiting at the peer
 * @param receivedBatches waiting here
 * @param aheadMillis by how much the latest stamp among them is ahead of its receiver's clock; zero
 *     if none waits for a clock
 */
public record Waiting(long sentBatches, long receivedBatches, long aheadMillis) {
    public static final Waiting NONE = new Waiting(0, 0, 0);

    public Waiting {
        Invariant.check(
                sentBatches >= 0 && receivedBatches >= 0 && aheadMillis >= 0,
                "Waiting for {0} ms",
                aheadMillis);
    }

    Waiting plusSent(long batches, long ahead) {
        return new Waiting(sentBatches + batches, receivedBatches, Math.max(aheadMillis, ahead));
    }

    Waiting plusReceived(long batches, long ahead) {
        return new Waiting(sentBatches, receivedBatches + batches, Math.max(aheadMillis, ahead));
    }

    /** How a session ends that has exchanged all it could. */
    EndReason outcome() {
        if (aheadMillis > 0) {
            return EndReason.CLOCK_AHEAD;
        }
        return sentBatches + receivedBatches > 0 ? EndReason.WITHHELD : EndReason.DONE;
    }
}

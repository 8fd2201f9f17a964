package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.Invariant;
import dev.loam.core.VaultId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Batches that came and that the receiver could not take yet. Nothing is wrong with them; their
 * sender keeps them, and they come again with a later session.
 *
 * @param sentBatches waiting at the peer
 * @param receivedBatches waiting here
 * @param aheadMillis by how much the latest stamp among them is ahead of its receiver's clock; zero
 *     if none waits for a clock
 * @param aheadThere the vaults in which batches wait at the peer for its clock; of each author that
 *     waits there, the number before the first
 */
public record Waiting(
        long sentBatches,
        long receivedBatches,
        long aheadMillis,
        SortedMap<VaultId, SortedMap<ActorId, Long>> aheadThere) {
    public static final Waiting NONE = new Waiting(0, 0, 0, new TreeMap<>());

    public Waiting {
        aheadThere = Collections.unmodifiableSortedMap(new TreeMap<>(aheadThere));
        Invariant.check(
                sentBatches >= 0 && receivedBatches >= 0 && aheadMillis >= 0,
                "Waiting for {0} ms",
                aheadMillis);
    }

    Waiting plusSent(Frame.Parked parked) {
        TreeMap<VaultId, SortedMap<ActorId, Long>> ahead = new TreeMap<>(aheadThere);
        if (parked.aheadMillis() > 0) {
            TreeMap<ActorId, Long> authors =
                    new TreeMap<>(ahead.getOrDefault(parked.vault(), new TreeMap<>()));
            parked.ranges()
                    .ranges()
                    .forEach((author, range) -> authors.merge(author, range.after(), Math::min));
            ahead.put(parked.vault(), authors);
        }
        return new Waiting(
                sentBatches + parked.ranges().batches(),
                receivedBatches,
                Math.max(aheadMillis, parked.aheadMillis()),
                ahead);
    }

    Waiting plusReceived(long batches, long ahead) {
        return new Waiting(
                sentBatches, receivedBatches + batches, Math.max(aheadMillis, ahead), aheadThere);
    }

    /** How a session ends that has exchanged all it could. */
    EndReason outcome() {
        if (aheadMillis > 0) {
            return EndReason.CLOCK_AHEAD;
        }
        return sentBatches + receivedBatches > 0 ? EndReason.WITHHELD : EndReason.DONE;
    }
}

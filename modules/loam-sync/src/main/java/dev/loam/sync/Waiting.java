package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.Invariant;
import dev.loam.core.VaultId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

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
 * @param excludedThere of authors that the peer has excluded, and of whom anything waits there, the
 *     number before the first
 */
public record Waiting(
        long sentBatches,
        long receivedBatches,
        long aheadMillis,
        SortedMap<VaultId, SortedMap<ActorId, Long>> aheadThere,
        SortedMap<VaultId, SortedMap<ActorId, Long>> excludedThere) {
    public static final Waiting NONE = new Waiting(0, 0, 0, new TreeMap<>(), new TreeMap<>());

    public Waiting {
        aheadThere = copied(aheadThere);
        excludedThere = copied(excludedThere);
        Invariant.check(
                sentBatches >= 0 && receivedBatches >= 0 && aheadMillis >= 0,
                "Waiting for {0} ms",
                aheadMillis);
    }

    private static SortedMap<VaultId, SortedMap<ActorId, Long>> copied(
            SortedMap<VaultId, SortedMap<ActorId, Long>> vaults) {
        TreeMap<VaultId, SortedMap<ActorId, Long>> copy = new TreeMap<>();
        vaults.forEach(
                (vault, authors) ->
                        copy.put(vault, Collections.unmodifiableSortedMap(new TreeMap<>(authors))));
        return Collections.unmodifiableSortedMap(copy);
    }

    Waiting plusSent(Frame.Parked parked, There there) {
        boolean isAhead = parked.aheadMillis() > 0;
        return new Waiting(
                sentBatches + parked.ranges().batches(),
                receivedBatches,
                Math.max(aheadMillis, parked.aheadMillis()),
                plus(aheadThere, parked, author -> isAhead),
                plus(excludedThere, parked, author -> there.excludes(parked.vault(), author)));
    }

    private static SortedMap<VaultId, SortedMap<ActorId, Long>> plus(
            SortedMap<VaultId, SortedMap<ActorId, Long>> vaults,
            Frame.Parked parked,
            Predicate<ActorId> isMeant) {
        TreeMap<ActorId, Long> authors =
                new TreeMap<>(vaults.getOrDefault(parked.vault(), new TreeMap<>()));
        parked.ranges()
                .ranges()
                .forEach(
                        (author, range) -> {
                            if (isMeant.test(author)) {
                                authors.merge(author, range.after(), Math::min);
                            }
                        });
        TreeMap<VaultId, SortedMap<ActorId, Long>> more = new TreeMap<>(vaults);
        if (!authors.isEmpty()) {
            more.put(parked.vault(), authors);
        }
        return more;
    }

    Waiting plusReceived(long batches, long ahead) {
        return new Waiting(
                sentBatches,
                receivedBatches + batches,
                Math.max(aheadMillis, ahead),
                aheadThere,
                excludedThere);
    }

    /** How a session ends that has exchanged all it could. */
    EndReason outcome() {
        if (aheadMillis > 0) {
            return EndReason.CLOCK_AHEAD;
        }
        return sentBatches + receivedBatches > 0 ? EndReason.WITHHELD : EndReason.DONE;
    }
}

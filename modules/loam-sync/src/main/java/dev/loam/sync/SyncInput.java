package dev.loam.sync;

import dev.loam.core.Bytes;
import dev.loam.core.Invariant;
import dev.loam.core.VaultId;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;

/** What happens to a session. */
public sealed interface SyncInput {
    /** The link is up and the peer's device is known. Comes once, before everything else. */
    record Started(LocalSummary summary, Terms terms) implements SyncInput {
        public Started(LocalSummary summary) {
            this(summary, Terms.ONCE);
        }
    }

    /**
     * This store holds more than it did: where it stands now. Only to a session that {@link
     * SyncSession#isLive is live}.
     */
    record News(LocalSummary summary) implements SyncInput {}

    /**
     * Answers {@link SyncEffect.Measure}, exactly. Where a head that was told is of another history
     * than the one held here, {@link Stopped} with FORK answers it instead.
     */
    record Measured(SortedMap<VaultId, Amount> amounts) implements SyncInput {}

    /**
     * This side keeps the answer to a {@link SyncEffect.Read} back for so long, by its limit of
     * bandwidth; at most ten minutes. Worth telling when it is more than some seconds.
     */
    record HeldBack(Duration time) implements SyncInput {}

    /**
     * A whole frame came over the link. Its bytes are foreign; nothing in them makes a step throw.
     */
    record FrameReceived(Bytes frame) implements SyncInput {}

    /**
     * Answers {@link SyncEffect.Read}. The entries are wanted ones, each actor's from its first
     * without a gap, in the order of this store's log, and within the weight asked for or exactly
     * one. To come to the end of what is wanted takes as many answers as it takes; an answer
     * without entries says that this store cannot read what it holds.
     *
     * <p>A foreign entry carries the seal with which it came, if it had one. Of this device's own
     * entries at least the last in the answer is sealed, and no more than 100 stand under one seal.
     */
    record BatchesRead(VaultId vault, List<SyncEntry> entries) implements SyncInput {
        public BatchesRead {
            entries = List.copyOf(entries);
        }
    }

    /**
     * Answers {@link SyncEffect.Apply}: each of its batches is durable here, now or from before.
     */
    record Applied(VaultId vault) implements SyncInput {}

    /**
     * Answers {@link SyncEffect.Apply} where some of its batches may not be applied yet: {@code
     * parked}, of each author the last of those asked for, without a gap. All others are durable.
     *
     * @param parked at least one
     * @param aheadMillis by how much the latest stamp among them is ahead of this store's clock;
     *     zero if they wait for something else
     */
    record AppliedInPart(VaultId vault, BatchRanges parked, long aheadMillis) implements SyncInput {
        public AppliedInPart {
            Invariant.check(!parked.isEmpty() && aheadMillis >= 0, "Nothing is parked");
        }
    }

    /**
     * Answers {@link SyncEffect.Apply} if it failed and none became durable; the session ends so.
     */
    record ApplyFailed(VaultId vault, EndReason reason) implements SyncInput {
        public ApplyFailed {
            checkFailure(reason);
        }
    }

    /** Answers {@link SyncEffect.Survey}. */
    record Surveyed(VaultId vault, SortedMap<Integer, RangeSum> sums) implements SyncInput {}

    /** Answers {@link SyncEffect.ListRecords}: keys, and the first eight bytes of their hashes. */
    record RecordsListed(VaultId vault, SortedMap<String, Long> records) implements SyncInput {}

    /** Answers an effect that concerns snapshots. */
    sealed interface OfSnapshot extends SyncInput {}

    /**
     * Answers {@link SyncEffect.MakeSnapshot}.
     *
     * @param chunks of at most 1 MiB each, at most 65,536
     * @param bytes of all of them
     * @param head what the peer's driver needs to check them; at most 4 MiB
     */
    record SnapshotMade(VaultId vault, int chunks, long bytes, Bytes head) implements OfSnapshot {}

    /** Answers {@link SyncEffect.ReadChunk}. */
    record ChunkRead(VaultId vault, int index, Bytes content) implements OfSnapshot {}

    /** Answers {@link SyncEffect.WeighSnapshot}: the chunks that are to be sent, ascending. */
    record SnapshotWeighed(VaultId vault, List<Integer> lacking) implements OfSnapshot {
        public SnapshotWeighed {
            lacking = List.copyOf(lacking);
        }
    }

    /** Answers {@link SyncEffect.KeepChunk}. */
    record ChunkKept(VaultId vault, int index) implements OfSnapshot {}

    /** Answers {@link SyncEffect.AdoptSnapshot}: the vault is durable as the peer had it. */
    record SnapshotAdopted(VaultId vault) implements OfSnapshot {}

    /** Time has passed. A session that gets one every second or so notices a peer that stalls. */
    record Tick() implements SyncInput {}

    /** This side wants to end before it is done: SHUTDOWN, or STORE_FAILED when a read failed. */
    record Stopped(EndReason reason) implements SyncInput {
        public Stopped {
            checkFailure(reason);
        }
    }

    /** The link broke, or was closed by the peer. */
    record LinkClosed() implements SyncInput {}

    private static void checkFailure(EndReason reason) {
        Invariant.check(reason != EndReason.DONE, "Only a session knows when it is done");
    }
}

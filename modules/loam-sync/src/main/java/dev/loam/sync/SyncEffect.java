package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.VaultId;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What a session asks its driver to do, in order. At most one {@link Read}, one {@link Measure} and
 * one {@link Apply} are unanswered at any time; their answers may come in any order and any time
 * later, among frames.
 */
public sealed interface SyncEffect {
    /**
     * Send this over the link, after all frames before it. Must not hold up the session's steps.
     */
    record Send(Bytes frame) implements SyncEffect {}

    /**
     * Tell how much these batches are; answer {@link SyncInput.Measured}.
     *
     * @param heads where the peer said to stand in chains of which it lacks a part: the first bytes
     *     of the hash before each range of which it holds anything
     */
    record Measure(
            SortedMap<VaultId, BatchRanges> batches,
            SortedMap<VaultId, SortedMap<ActorId, Bytes>> heads)
            implements SyncEffect {}

    /**
     * Read the next of these batches and answer {@link SyncInput.BatchesRead}. Each read goes on
     * where the last answer for the vault ended.
     *
     * @param weightMax bound on the sum of the answer's {@link SyncEntry#weight}; a single entry
     *     may be heavier
     */
    record Read(VaultId vault, BatchRanges wanted, long weightMax) implements SyncEffect {}

    /**
     * Verify, gate, append and force these batches, then answer {@link SyncInput.Applied} or {@link
     * SyncInput.ApplyFailed}. They are in the order of the peer's log, continue what this store
     * held when the session began, and each is covered by a seal of its actor's at or after it in
     * the list. They go into the log in this order with nothing in between, each with its seal, so
     * that whoever reads them from here finds them covered, too. One that another session has
     * brought meanwhile counts as applied.
     */
    record Apply(VaultId vault, List<SyncEntry> entries) implements SyncEffect {
        public Apply {
            entries = List.copyOf(entries);
        }
    }

    /** Add up this store's living records of the vault; answer {@link SyncInput.Surveyed}. */
    record Survey(VaultId vault) implements SyncEffect {}

    /**
     * List the living records in these ranges, the first {@link #RECORDS_MAX} of them by key;
     * answer {@link SyncInput.RecordsListed}.
     */
    record ListRecords(VaultId vault, SortedSet<Integer> ranges) implements SyncEffect {
        public static final int RECORDS_MAX = 1_000;
    }

    /** What concerns snapshots; at most one of each side is unanswered. */
    sealed interface OfSnapshot extends SyncEffect {
        VaultId vault();
    }

    /**
     * Make a snapshot of the vault, or take up the one that was made for an earlier session; answer
     * {@link SyncInput.SnapshotMade}. It holds all that is applied, and every batch above the
     * horizon.
     */
    record MakeSnapshot(VaultId vault) implements OfSnapshot {}

    /** Read a chunk of that snapshot; answer {@link SyncInput.ChunkRead}. */
    record ReadChunk(VaultId vault, int index) implements OfSnapshot {}

    /**
     * Check what the peer says of its snapshot, and look which chunks are here from an earlier
     * session; answer {@link SyncInput.SnapshotWeighed} or {@link SyncInput.Stopped}.
     *
     * @param head what the peer's driver gave with {@link SyncInput.SnapshotMade}
     */
    record WeighSnapshot(VaultId vault, int chunks, Bytes head) implements OfSnapshot {}

    /**
     * Compare the chunk with its hash, and keep it for this session or a later one; answer {@link
     * SyncInput.ChunkKept} or {@link SyncInput.Stopped}.
     */
    record KeepChunk(VaultId vault, int index, Bytes content) implements OfSnapshot {}

    /**
     * All chunks are here: verify them, and put what they hold in the place of the vault, durably
     * and in one step. Answer {@link SyncInput.SnapshotAdopted} or {@link SyncInput.Stopped}.
     */
    record AdoptSnapshot(VaultId vault) implements OfSnapshot {}

    /**
     * For whoever watches.
     *
     * @param durableBatches sent and known to be durable there, or received and durable here
     * @param movedBytes of the batches that were sent or received
     * @param total what either side announced so far, exactly
     */
    record Progressed(long durableBatches, long movedBytes, Amount total) implements SyncEffect {}

    /**
     * The session has ended: send what is to be sent, then close the link. Always the last effect
     * of a session; nothing that comes later changes it.
     *
     * @param diverged keys of records in which the two stores were found to differ
     * @param waiting what came and could not be taken yet, either way
     * @param rebase vaults in which this store wrote what the peer can never take: it must set that
     *     aside, want a snapshot, and write it anew
     */
    record Finish(
            EndReason reason,
            SyncCounts counts,
            List<String> diverged,
            Waiting waiting,
            SortedSet<VaultId> rebase)
            implements SyncEffect {
        public Finish {
            diverged = List.copyOf(diverged);
            rebase = Collections.unmodifiableSortedSet(rebase);
        }
    }
}

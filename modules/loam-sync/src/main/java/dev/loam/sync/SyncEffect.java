package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.VaultId;
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
     */
    record Finish(EndReason reason, SyncCounts counts, List<String> diverged, Waiting waiting)
            implements SyncEffect {
        public Finish {
            diverged = List.copyOf(diverged);
        }
    }
}

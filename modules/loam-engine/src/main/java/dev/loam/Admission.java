package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.VaultId;
import dev.loam.sync.BatchRanges;
import dev.loam.sync.EndReason;
import dev.loam.sync.SequenceRange;
import dev.loam.sync.SyncEntry;
import dev.loam.sync.SyncInput;
import java.util.Optional;
import java.util.TreeMap;

/** What becomes of a group of batches that a peer sent. The writer's thread. */
final class Admission {
    private final Optional<EndReason> refused;
    private final TreeMap<ActorId, SequenceRange> parked = new TreeMap<>();
    private long aheadMillis;

    Admission() {
        this(Optional.empty());
    }

    private Admission(Optional<EndReason> refused) {
        this.refused = refused;
    }

    /** One may not be applied, and so none is. */
    static Admission refused(EndReason reason) {
        return new Admission(Optional.of(reason));
    }

    /**
     * Leaves a batch out. Its author's later ones all wait for it, so that these are a range.
     *
     * @param ahead milliseconds by which its stamp is ahead of the clock here; zero if that is not
     *     what it waits for
     */
    void park(SyncEntry entry, long ahead) {
        SequenceRange one = new SequenceRange(entry.sequence() - 1, entry.sequence());
        parked.merge(
                entry.actor(),
                one,
                (before, last) -> new SequenceRange(before.after(), last.through()));
        aheadMillis = Math.max(aheadMillis, ahead);
    }

    SyncInput answer(VaultId vault) {
        if (refused.isPresent()) {
            return new SyncInput.ApplyFailed(vault, refused.get());
        }
        return parked.isEmpty()
                ? new SyncInput.Applied(vault)
                : new SyncInput.AppliedInPart(vault, new BatchRanges(parked), aheadMillis);
    }
}

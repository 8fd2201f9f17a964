package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.VaultId;
import dev.loam.core.VersionVector;
import dev.loam.sync.BatchRanges;
import dev.loam.sync.EndReason;
import dev.loam.sync.SequenceRange;
import dev.loam.sync.SyncEntry;
import dev.loam.sync.SyncInput;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What becomes of a group of batches that a peer sent. Where one has to wait, its author's batches
 * are taken up to the last seal before it: what no seal covers could not be passed on, and neither
 * could what builds on it. The writer's thread.
 */
final class Admission {
    private final Optional<EndReason> refused;

    /** For authors of whom not all can be taken: how far. */
    private final SortedMap<ActorId, Long> sealed;

    /** Why batches had to wait when more was tried. */
    private final Map<SyncEntry, String> before;

    private final Map<SyncEntry, String> reasons = new HashMap<>();
    private final TreeMap<ActorId, SequenceRange> parked = new TreeMap<>();
    private long aheadMillis;

    /** Tries all. */
    Admission() {
        this(Optional.empty(), new TreeMap<>(), Map.of());
    }

    private Admission(
            Optional<EndReason> refused,
            SortedMap<ActorId, Long> sealed,
            Map<SyncEntry, String> before) {
        this.refused = refused;
        this.sealed = sealed;
        this.before = before;
    }

    /** One may not be applied, and so none is. */
    static Admission refused(EndReason reason) {
        return new Admission(Optional.of(reason), new TreeMap<>(), Map.of());
    }

    /** Whether it comes behind the last seal that can be taken of its author. */
    boolean isUnsealed(SyncEntry entry) {
        return entry.sequence() > sealed.getOrDefault(entry.actor(), Long.MAX_VALUE);
    }

    /** Why it had to wait when more was tried; empty if it had not. */
    Optional<String> reasonBefore(SyncEntry entry) {
        return Optional.ofNullable(before.get(entry));
    }

    /**
     * Leaves a batch out. Its author's later ones all wait for it, so that these are a range.
     *
     * @param ahead milliseconds by which its stamp is ahead of the clock here; zero if that is not
     *     what it waits for
     */
    void park(SyncEntry entry, String reason, long ahead) {
        SequenceRange one = new SequenceRange(entry.sequence() - 1, entry.sequence());
        parked.merge(
                entry.actor(),
                one,
                (first, last) -> new SequenceRange(first.after(), last.through()));
        reasons.put(entry, reason);
        aheadMillis = Math.max(aheadMillis, ahead);
    }

    /**
     * What is to be tried next: no more of any author than its last seal before what has to wait.
     *
     * @param frontier before any of the entries was taken; it stands at seals
     * @return this if that is what was tried
     */
    Admission sealed(List<SyncEntry> entries, VersionVector frontier) {
        SortedMap<ActorId, Long> last = new TreeMap<>();
        parked.forEach((actor, range) -> last.put(actor, frontier.get(actor).sequence()));
        for (SyncEntry entry : entries) {
            SequenceRange waiting = parked.get(entry.actor());
            if (waiting != null
                    && entry.seal().isPresent()
                    && entry.sequence() <= waiting.after()) {
                last.merge(entry.actor(), entry.sequence(), Math::max);
            }
        }
        return last.equals(sealed) ? this : new Admission(Optional.empty(), last, reasons);
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

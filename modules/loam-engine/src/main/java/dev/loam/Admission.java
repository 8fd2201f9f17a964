package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.BatchId;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.core.VersionVector;
import dev.loam.sync.BatchRanges;
import dev.loam.sync.EndReason;
import dev.loam.sync.SequenceRange;
import dev.loam.sync.SyncInput;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What becomes of a group of batches that a peer sent. Where one has to wait, its author's batches
 * are taken up to the last seal before it: what no seal covers could not be passed on, and neither
 * could what builds on it. The writer's thread, then whoever asked.
 */
final class Admission {
    /** A batch that may not be applied, and why. */
    record Refusal(BatchId batch, EndReason reason) {}

    private final Optional<Refusal> refusal;

    /** For authors of whom not all can be taken: how far. */
    private final SortedMap<ActorId, Long> sealed;

    /** Why batches had to wait when more was tried. */
    private final Map<BatchId, Parked> before;

    private final Map<BatchId, Parked> reasons = new HashMap<>();
    private final TreeMap<ActorId, Parked> causes = new TreeMap<>();
    private final TreeMap<ActorId, SequenceRange> parked = new TreeMap<>();
    private long aheadMillis;

    /** Tries all. */
    Admission() {
        this(Optional.empty(), new TreeMap<>(), Map.of());
    }

    private Admission(
            Optional<Refusal> refusal,
            SortedMap<ActorId, Long> sealed,
            Map<BatchId, Parked> before) {
        this.refusal = refusal;
        this.sealed = sealed;
        this.before = before;
    }

    /** One may not be applied, and so none is. */
    static Admission refused(BatchId batch, EndReason reason) {
        return new Admission(Optional.of(new Refusal(batch, reason)), new TreeMap<>(), Map.of());
    }

    /** The batch for which none was applied. */
    Optional<Refusal> refusal() {
        return refusal;
    }

    /** Whether it comes behind the last seal that can be taken of its author. */
    boolean isUnsealed(BatchId batch) {
        return batch.sequence() > sealed.getOrDefault(batch.actor(), Long.MAX_VALUE);
    }

    /** Why it had to wait when more was tried; empty if it had not. */
    Optional<Parked> reasonBefore(BatchId batch) {
        return Optional.ofNullable(before.get(batch));
    }

    /**
     * Leaves a batch out. Its author's later ones all wait for it, so that these are a range.
     *
     * @param ahead milliseconds by which its stamp is ahead of the clock here; zero if that is not
     *     what it waits for
     */
    void park(Parked batch, long ahead) {
        SequenceRange one = new SequenceRange(batch.sequence() - 1, batch.sequence());
        parked.merge(
                batch.actor(),
                one,
                (first, last) -> new SequenceRange(first.after(), last.through()));
        causes.merge(
                batch.actor(),
                batch,
                (first, later) -> first.isUnsealed() && !later.isUnsealed() ? later : first);
        reasons.put(new BatchId(batch.vault(), batch.actor(), batch.sequence()), batch);
        aheadMillis = Math.max(aheadMillis, ahead);
    }

    /**
     * What is to be tried next: no more of any author than its last seal before what has to wait.
     *
     * @param frontier before any of the entries was taken; it stands at seals
     * @return this if that is what was tried
     */
    Admission sealed(List<IncomingBatch> group, VersionVector frontier) {
        SortedMap<ActorId, Long> last = new TreeMap<>();
        parked.forEach((actor, range) -> last.put(actor, frontier.get(actor).sequence()));
        for (IncomingBatch each : group) {
            ActorId actor = each.entry().actor();
            long sequence = each.entry().sequence();
            SequenceRange waiting = parked.get(actor);
            if (waiting != null && each.seal().isPresent() && sequence <= waiting.after()) {
                last.merge(actor, sequence, Math::max);
            }
        }
        return last.equals(sealed) ? this : new Admission(Optional.empty(), last, reasons);
    }

    /** Of each author what had to wait: the last of those that were asked for, without a gap. */
    BatchRanges parked() {
        return new BatchRanges(parked);
    }

    /** The number of the first that had to wait of an author of whom some had to. */
    long firstParked(ActorId actor) {
        return Objects.requireNonNull(parked.get(actor)).after() + 1;
    }

    /**
     * For each author the batch for which the others wait: the first, or where that only lacks a
     * seal, the first that keeps its author from being taken as far as one.
     */
    SortedMap<ActorId, Parked> causes() {
        return causes;
    }

    /**
     * @param now the vault, in which what had to wait may have been applied since
     */
    SyncInput answer(VaultId vault, VaultState now) {
        if (refusal.isPresent()) {
            EndReason reason = refusal.get().reason();
            boolean isOfClosed = now.closed().containsKey(refusal.get().batch().actor());
            // Of a closed author the sender took what nobody takes any more: it begins anew, and
            // this store does not.
            return isOfClosed && reason != EndReason.REBASE_REQUIRED
                    ? new SyncInput.Stopped(EndReason.REBASE_REQUIRED)
                    : new SyncInput.ApplyFailed(vault, reason);
        }
        TreeMap<ActorId, SequenceRange> waiting = new TreeMap<>();
        parked.forEach(
                (actor, range) -> {
                    long after = Math.max(range.after(), now.frontier().get(actor).sequence());
                    if (after < range.through() && !now.closed().containsKey(actor)) {
                        waiting.put(actor, new SequenceRange(after, range.through()));
                    }
                });
        return waiting.isEmpty()
                ? new SyncInput.Applied(vault)
                : new SyncInput.AppliedInPart(vault, new BatchRanges(waiting), aheadMillis);
    }
}

package dev.loam.sync;

import dev.loam.core.Invariant;
import dev.loam.core.Limits;
import dev.loam.core.VaultId;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the peer still owes this side, and what came of it.
 *
 * @param expected not yet arrived
 * @param unapplied not yet durable here, arrived or not
 * @param arrivals per vault, of those that have any
 * @param applying what the driver is at work on
 * @param held weight that arrived and was not granted anew
 * @param announced in all
 * @param arrivedBytes of batches
 */
record Receiver(
        VaultRanges expected,
        VaultRanges unapplied,
        SortedMap<VaultId, Arrivals> arrivals,
        Optional<SyncEffect.Apply> applying,
        long held,
        Amount announced,
        long arrivedBytes) {
    static final Receiver IDLE = of(VaultRanges.NONE);

    static Receiver of(VaultRanges plan) {
        return new Receiver(plan, plan, new TreeMap<>(), Optional.empty(), 0, Amount.ZERO, 0);
    }

    /** Whether a first plan repeats what both HELLOs say. */
    boolean acceptsFirst(Frame.Plan plan) {
        return plan.ranges().equals(expected);
    }

    Receiver plannedFirst(Frame.Plan plan) {
        return new Receiver(
                expected, unapplied, arrivals, applying, held, plan.amount(), arrivedBytes);
    }

    /** Whether a later plan goes on where what is outstanding ends. */
    boolean acceptsNews(Frame.Plan plan) {
        return expected.isEmpty()
                && !plan.vaults().isEmpty()
                && plan.vaults().entrySet().stream()
                        .allMatch(
                                entry -> entry.getValue().continues(unapplied.of(entry.getKey())));
    }

    Receiver plannedNews(Frame.Plan plan) {
        VaultRanges ranges = plan.ranges();
        return new Receiver(
                expected.plus(ranges),
                unapplied.plus(ranges),
                arrivals,
                applying,
                held,
                announced.plus(plan.amount()),
                arrivedBytes);
    }

    long durableBatches() {
        return Math.max(0, announced.batches() - unapplied.batches());
    }

    /** Why the frame cannot be taken, if so. */
    Optional<EndReason> refusal(Frame.Batches batches) {
        List<SyncEntry> entries = batches.entries();
        BatchRanges missing = expected.of(batches.vault());
        if (!missing.beginsWith(entries)) {
            return Optional.of(EndReason.PROTOCOL);
        }
        long weightMax =
                entries.size() == 1
                        ? Limits.CUT_BATCH_BYTES_MAX + SyncEntry.ENVELOPE_BYTES
                        : SyncSession.FRAME_WEIGHT_MAX;
        boolean tooHeavy = SyncEntry.weight(entries) > weightMax;
        if (tooHeavy || held >= SyncSession.WINDOW_BYTES) {
            return Optional.of(EndReason.LIMIT_EXCEEDED);
        }
        if (arrivedBytes + batchBytes(entries) > announced.bytes()) {
            return Optional.of(EndReason.PROTOCOL);
        }
        int waiting = arrivalsOf(batches.vault()).with(entries).waiting();
        if (waiting > Arrivals.WAITING_MAX) {
            return Optional.of(EndReason.LIMIT_EXCEEDED);
        }
        boolean last = missing.without(entries).isEmpty();
        return last && waiting > 0 ? Optional.of(EndReason.BAD_SEAL) : Optional.empty();
    }

    Receiver arrived(Frame.Batches batches) {
        VaultId vault = batches.vault();
        return new Receiver(
                expected.with(vault, expected.of(vault).without(batches.entries())),
                unapplied,
                with(vault, arrivalsOf(vault).with(batches.entries())),
                applying,
                held + SyncEntry.weight(batches.entries()),
                announced,
                arrivedBytes + batchBytes(batches.entries()));
    }

    /** What to apply next, if anything can be now. */
    Optional<SyncEffect.Apply> nextApply() {
        if (applying.isPresent()) {
            return Optional.empty();
        }
        return arrivals.entrySet().stream()
                .filter(entry -> entry.getValue().hasReady())
                .findFirst()
                .map(entry -> new SyncEffect.Apply(entry.getKey(), entry.getValue().ready()));
    }

    Receiver awaiting(SyncEffect.Apply apply) {
        VaultId vault = apply.vault();
        return new Receiver(
                expected,
                unapplied,
                with(vault, arrivalsOf(vault).without(apply.entries().size())),
                Optional.of(apply),
                held,
                announced,
                arrivedBytes);
    }

    /** What the driver was at work on in {@code vault}. */
    SyncEffect.Apply answered(VaultId vault) {
        Invariant.check(
                applying.isPresent() && applying.get().vault().equals(vault),
                "Nothing was to be applied in vault {0}",
                vault);
        return applying.get();
    }

    Receiver applied(SyncEffect.Apply apply) {
        VaultId vault = apply.vault();
        return new Receiver(
                expected,
                unapplied.with(vault, unapplied.of(vault).without(apply.entries())),
                arrivals,
                Optional.empty(),
                held - SyncEntry.weight(apply.entries()),
                announced,
                arrivedBytes);
    }

    boolean isDone() {
        return unapplied.isEmpty();
    }

    private static long batchBytes(List<SyncEntry> entries) {
        return entries.stream().mapToLong(entry -> entry.batch().size()).sum();
    }

    private Arrivals arrivalsOf(VaultId vault) {
        return arrivals.getOrDefault(vault, Arrivals.NONE);
    }

    private SortedMap<VaultId, Arrivals> with(VaultId vault, Arrivals changed) {
        SortedMap<VaultId, Arrivals> all = new TreeMap<>(arrivals);
        if (changed.isEmpty()) {
            all.remove(vault);
        } else {
            all.put(vault, changed);
        }
        return all;
    }
}

package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.DeviceId;
import dev.loam.core.Operation;
import dev.loam.core.Tip;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.core.VersionVector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * What a store does by itself, by time: it takes what has waited for its clock, erases what was
 * forgotten elsewhere, acknowledges what it has applied, settles what all have acknowledged, shuts
 * out who was away for too long, refuses who was revoked, and changes the master key of a sealed
 * store. Reads time through the store's {@link Environment} alone and has no thread: somebody calls
 * {@link #run} now and then.
 */
final class Housekeeper {
    /** So many batches of others are acknowledged at once. */
    static final long ACKNOWLEDGE_BATCHES = 256;

    /** Fewer are acknowledged after that time. */
    static final long ACKNOWLEDGE_MILLIS = 60_000;

    /** Between two cuts of a vault. */
    static final long CUT_MILLIS = 60 * 60 * 1_000L;

    private enum Urgency {
        WHEN_DUE,
        AT_ONCE
    }

    private final Store store;
    private final int suspendAfterDays;
    private final Unacknowledged unacknowledged;
    private final Absences absences;

    /** When each vault was last looked at for a cut, by the elapsed time. */
    private final Map<VaultId, Long> lookedAt = new TreeMap<>();

    private final long began;

    /** Held while it works: one round at a time. */
    private final ReentrantLock working = new ReentrantLock();

    /**
     * @param suspendAfter empty for never
     */
    Housekeeper(Store store, Optional<Duration> suspendAfter) {
        this.store = store;
        this.suspendAfterDays = suspendAfter.map(Housekeeper::days).orElse(Integer.MAX_VALUE);
        this.unacknowledged = store.unacknowledged();
        this.absences = new Absences(store.folder());
        this.began = store.environment().elapsedMillis();
    }

    private static int days(Duration duration) {
        return Math.toIntExact(duration.plusDays(1).minusNanos(1).toDays());
    }

    /** Does what is due. Any thread but the writer's. */
    void run() {
        working.lock();
        try {
            store.unparking().tryDue();
            store.forgetting().carryOutIfDue();
            refuseRevoked();
            leaveSurplus();
            acknowledge(Urgency.WHEN_DUE);
            settle();
            suspendAbsent();
            new KeyRotation(store).rotateIfDue();
            store.audit().signIfDue();
        } finally {
            working.unlock();
        }
    }

    /** Before the store is closed: what was applied here is said, so that nobody waits for it. */
    void closing() {
        working.lock();
        try {
            acknowledge(Urgency.AT_ONCE);
        } finally {
            working.unlock();
        }
    }

    // ---- acknowledging

    private void acknowledge(Urgency urgency) {
        if (!unacknowledged.isComplete()) {
            store.ask(
                    stage -> {
                        unacknowledged.complete(stage.state());
                        return Optional.empty();
                    });
        }
        long now = store.environment().elapsedMillis();
        List<VaultId> due = new ArrayList<>();
        for (VaultState vault : store.state().vaults().values()) {
            boolean isDue =
                    unacknowledged
                            .in(vault.id())
                            .filter(
                                    news ->
                                            urgency == Urgency.AT_ONCE
                                                    || news.batches() >= ACKNOWLEDGE_BATCHES
                                                    || now - news.sinceMillis()
                                                            >= ACKNOWLEDGE_MILLIS)
                            .isPresent();
            if (isDue && ControlBatch.author(store, vault).isPresent() && isShared(vault)) {
                due.add(vault.id());
            }
        }
        if (!due.isEmpty()) {
            store.write(
                    stage -> {
                        due.forEach(
                                vault ->
                                        ControlBatch.stageIfIn(
                                                store, stage, vault, List.of(new Operation.Ack())));
                        return Optional.empty();
                    });
        }
    }

    /** Whether anybody waits for what this store says. */
    private boolean isShared(VaultState vault) {
        return vault.actors().size() > 1;
    }

    // ---- settling

    private void settle() {
        long now = store.environment().elapsedMillis();
        for (VaultState vault : store.state().vaults().values()) {
            if (isShared(vault) && now - lookedAt.getOrDefault(vault.id(), began) >= CUT_MILLIS) {
                lookedAt.put(vault.id(), now);
                new Pruning(store, vault.id()).pruneIfWorth();
            }
        }
    }

    // ---- suspending

    private void suspendAbsent() {
        long now = store.environment().now().toEpochMilli();
        absences.observe(store.state(), store.device(), now);
        for (VaultState vault : store.state().vaults().values()) {
            Set<ActorId> absent =
                    withoutUnsealed(vault, absences.absentFor(vault, suspendAfterDays, now));
            if (!absent.isEmpty()) {
                suspend(vault, absent);
            }
        }
    }

    /**
     * A power cut may have lost the seal of what is here: its author has to send that again, and
     * nobody would take it once it is suspended.
     */
    private Set<ActorId> withoutUnsealed(VaultState vault, Set<ActorId> absent) {
        if (absent.isEmpty()) {
            return absent;
        }
        return store.ask(
                stage ->
                        absent.stream()
                                .filter(actor -> store.runs().canBePassedOn(vault, actor))
                                .collect(Collectors.toCollection(TreeSet::new)));
    }

    /** Only those without whom a cut could be made that is worth it. */
    private void suspend(VaultState vault, Set<ActorId> absent) {
        Optional<ActorId> own = ControlBatch.author(store, vault);
        if (own.isEmpty()) {
            return;
        }
        VersionVector without = vault.stableCutWithout(own.get(), absent);
        Pruning pruning = new Pruning(store, vault.id());
        if (!pruning.isWorth(pruning.span(vault.stableCut(own.get()), without).measure())) {
            return;
        }
        List<Operation.Suspend> suspensions =
                absent.stream()
                        .filter(
                                actor ->
                                        vault.actor(actor)
                                                .filter(state -> !state.ack().covers(without))
                                                .isPresent())
                        .map(Operation.Suspend::new)
                        .toList();
        if (!suspensions.isEmpty()) {
            ControlBatch.write(store, vault.id(), suspensions);
        }
    }

    // ---- being in a vault once

    /**
     * Two members that let this device in without knowing of each other made two actors of it. It
     * writes as one, and nobody must wait for the other. An actor that somebody who knew of this
     * one let in is another store's: of a copy.
     */
    private void leaveSurplus() {
        for (VaultState vault : store.state().vaults().values()) {
            Optional<ActorId> own = ControlBatch.author(store, vault);
            if (own.isEmpty()) {
                continue;
            }
            VersionVector entered =
                    vault.actor(own.get()).map(ActorState::enrolled).orElse(VersionVector.EMPTY);
            List<Operation.Suspend> surplus =
                    vault.actors().entrySet().stream()
                            .filter(each -> isUnused(each.getValue()))
                            .filter(each -> !each.getKey().equals(own.get()))
                            .filter(each -> areConcurrent(each.getValue().enrolled(), entered))
                            .map(each -> new Operation.Suspend(each.getKey()))
                            .toList();
            if (!surplus.isEmpty()) {
                ControlBatch.write(store, vault.id(), surplus);
            }
        }
    }

    private boolean isUnused(ActorState actor) {
        return actor.device().equals(store.device())
                && actor.tip().equals(Tip.NONE)
                && !actor.isExcluded();
    }

    private static boolean areConcurrent(VersionVector one, VersionVector other) {
        return !one.covers(other) && !other.covers(one);
    }

    // ---- revoking

    /**
     * Shuts out what a revoked device came back as: another member may have let it in before it
     * heard.
     */
    private void refuseRevoked() {
        for (VaultState vault : store.state().vaults().values()) {
            for (DeviceId device : vault.revoked()) {
                new Revocation(store).refuse(device, AuditEvent.Revoker.ANOTHER_DEVICE);
            }
            List<Operation.Revoke> more =
                    vault.actors().entrySet().stream()
                            .filter(each -> vault.revoked().contains(each.getValue().device()))
                            .filter(each -> !each.getValue().isExcluded())
                            .map(each -> new Operation.Revoke(each.getKey()))
                            .toList();
            if (!more.isEmpty() && ControlBatch.author(store, vault).isPresent()) {
                ControlBatch.write(store, vault.id(), more);
            }
        }
    }
}

package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.BatchId;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.core.Verdict;
import dev.loam.core.VersionVector;
import dev.loam.sync.EndReason;
import dev.loam.sync.SyncEntry;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Tries again what waits in the {@link WaitingArea}, once that for which it waits may have come. It
 * is admitted as a peer's batches are that have just come. What is refused here is dropped and ends
 * nothing: its peer sends it again, and the session in which it does names what is wrong with it.
 *
 * <p>Only authors are tried whose first batch may pass now, and those who wait for these; nothing
 * is read of the others. Any thread but the writer's.
 */
final class Unparking {
    /** What is tried first is little, since it may have to wait for the next thing. */
    private static final int GROUP_MIN = 16;

    private static final int GROUP_MAX = 1_000;

    private final Store store;
    private final WaitingArea area;

    /** Held while what waits is tried: who comes second finds what the first has left. */
    private final ReentrantLock trying = new ReentrantLock();

    Unparking(Store store, WaitingArea area) {
        this.store = store;
        this.area = area;
    }

    /** Tries what has waited for a time that has come. */
    void tryDue() {
        Instant now = store.environment().now();
        for (VaultId vault : area.vaults()) {
            boolean isDue =
                    area.runs(vault).stream()
                            .anyMatch(
                                    run ->
                                            cause(vault, run)
                                                    .filter(c -> isDue(c, now))
                                                    .isPresent());
            if (isDue) {
                tryAgain(vault, uncheckable -> {});
            }
        }
    }

    /**
     * Tries what waits in a vault in which something has come, until nothing moves any more.
     *
     * @param uncheckable is told the vault if a cut waits there that only a snapshot lets pass
     * @throws LoamException as writing does; what was not applied waits on
     */
    void tryAgain(VaultId vault, Consumer<VaultId> uncheckable) {
        if (!area.vaults().contains(vault)) {
            return;
        }
        trying.lock();
        try {
            dropUnwanted(vault);
            boolean hasMoved = true;
            while (hasMoved) {
                area.dropApplied(store.state().vault(vault));
                hasMoved = false;
                for (Map.Entry<DeviceId, SortedMap<ActorId, Long>> ready :
                        ready(vault).entrySet()) {
                    Attempt attempt = new Attempt(ready.getKey(), vault, uncheckable);
                    hasMoved |= attempt.run(ready.getValue());
                }
            }
        } finally {
            trying.unlock();
        }
    }

    /** Of a peer that is none any more nothing is taken, nor in a vault that begins anew. */
    private void dropUnwanted(VaultId vault) {
        if (store.ownActors().wantsSnapshot(store.state().vault(vault))) {
            forget(vault);
        }
        area.runs(vault).stream()
                .map(WaitingArea.Run::peer)
                .distinct()
                .filter(peer -> !new PeerVisit(store, peer).isAdmitted())
                .forEach(this::forget);
    }

    /** Nothing of a peer is waited for any more. */
    void forget(DeviceId peer) {
        area.forget(peer);
        store.parked().forget(each -> each.peer().equals(peer));
    }

    /** Nothing is waited for in a vault any more. */
    void forget(VaultId vault) {
        area.forget(vault);
        store.parked().forget(each -> each.vault().equals(vault));
    }

    // ---- what may pass

    /** By peer, the authors that are worth a try, and from which of their batches on. */
    private SortedMap<DeviceId, SortedMap<ActorId, Long>> ready(VaultId id) {
        VaultState vault = store.state().vault(id);
        Instant now = store.environment().now();
        VersionVector named = named(vault);
        Map<ActorId, List<WaitingArea.Run>> behind = new HashMap<>();
        Deque<WaitingArea.Run> found = new ArrayDeque<>();
        for (WaitingArea.Run run : area.runs(id)) {
            if (run.through() < run.first()) {
                continue;
            }
            Optional<Parked> cause = cause(id, run);
            if (cause.isEmpty() || mayPass(cause.get(), vault, named, now)) {
                found.add(run);
            } else {
                cause.flatMap(Parked::missing)
                        .ifPresent(
                                missing ->
                                        behind.computeIfAbsent(
                                                        missing.actor(), same -> new ArrayList<>())
                                                .add(run));
            }
        }
        SortedMap<DeviceId, SortedMap<ActorId, Long>> ready = new TreeMap<>();
        while (!found.isEmpty()) {
            WaitingArea.Run run = found.remove();
            ready.computeIfAbsent(run.peer(), same -> new TreeMap<>())
                    .put(run.actor(), run.first());
            Optional.ofNullable(behind.remove(run.actor())).ifPresent(found::addAll);
        }
        return ready;
    }

    /** Why the author's batches wait; empty if that has been applied or is not known. */
    private Optional<Parked> cause(VaultId vault, WaitingArea.Run run) {
        return store.parked()
                .of(run.peer(), vault, run.actor())
                .filter(cause -> cause.sequence() >= run.first());
    }

    private static boolean mayPass(
            Parked cause, VaultState vault, VersionVector named, Instant now) {
        if (cause.missing().isPresent()) {
            BatchId missing = cause.missing().get();
            return vault.frontier().get(missing.actor()).sequence() >= missing.sequence()
                    || vault.closed().containsKey(missing.actor());
        }
        boolean isNamed = named.get(cause.actor()).sequence() >= cause.sequence();
        return isDue(cause, now)
                || (isNamed
                        && (cause.waitsForClock() || cause.waitsFor(Verdict.ParkReason.EXCLUDED)))
                || cause.isUnsealed();
    }

    private static boolean isDue(Parked cause, Instant now) {
        return cause.passesAt().filter(at -> !at.isAfter(now)).isPresent();
    }

    private VersionVector named(VaultState vault) {
        VersionVector named = VersionVector.EMPTY;
        for (Map.Entry<ActorId, VersionVector> each : area.naming(vault.id()).entrySet()) {
            if (vault.inGoodStanding(each.getKey())) {
                named = named.join(each.getValue());
            }
        }
        return named;
    }

    // ---- trying

    /** One way through what waits of a peer in a vault. */
    private final class Attempt {
        private final DeviceId peer;
        private final VaultId vault;
        private final Consumer<VaultId> uncheckable;
        private final SealCheck seals = new SealCheck(store);
        private final GroupIntake groups;

        Attempt(DeviceId peer, VaultId vault, Consumer<VaultId> uncheckable) {
            this.peer = peer;
            this.vault = vault;
            this.uncheckable = uncheckable;
            this.groups = new GroupIntake(store, peer);
        }

        /** Whether anything was applied. */
        boolean run(SortedMap<ActorId, Long> from) {
            boolean hasMoved = false;
            int size = GROUP_MIN;
            List<SyncEntry> group = area.read(peer, vault, from, size);
            while (!group.isEmpty()) {
                group.forEach(entry -> from.put(entry.actor(), entry.sequence() + 1));
                Optional<Admission> admission = admit(group, from);
                boolean isWhole = admission.isPresent() && admission.get().causes().isEmpty();
                hasMoved |= admission.isPresent() && hasApplied(admission.get(), group);
                if (admission.isPresent()) {
                    from.keySet().removeAll(admission.get().causes().keySet());
                }
                size = isWhole ? Math.min(2 * size, GROUP_MAX) : GROUP_MIN;
                area.dropApplied(store.state().vault(vault));
                group = area.read(peer, vault, from, size);
            }
            return hasMoved;
        }

        /**
         * What the group came to once nothing in it was refused any more; empty if nothing is left.
         */
        private Optional<Admission> admit(List<SyncEntry> group, SortedMap<ActorId, Long> from) {
            List<SyncEntry> left = group;
            while (!left.isEmpty()) {
                Optional<Admission> admission = judge(left, from);
                if (admission.isEmpty() || admission.get().refusal().isEmpty()) {
                    return admission;
                }
                Admission.Refusal refusal = admission.get().refusal().get();
                if (refusal.reason() == EndReason.REBASE_REQUIRED) {
                    forget(vault);
                    from.clear();
                    return Optional.empty();
                }
                BatchId refused = refusal.batch();
                drop(refused.actor(), refused.sequence(), from);
                left =
                        left.stream()
                                .filter(
                                        each ->
                                                !each.actor().equals(refused.actor())
                                                        || each.sequence() < refused.sequence())
                                .toList();
            }
            return Optional.empty();
        }

        private Optional<Admission> judge(List<SyncEntry> group, SortedMap<ActorId, Long> from) {
            try {
                Admission admission =
                        groups.admit(vault, seals.check(vault, group, SealCheck.Ahead.NOTHING));
                if (admission.causes().values().stream()
                        .anyMatch(cause -> cause.waitsFor(Verdict.ParkReason.HISTORY))) {
                    uncheckable.accept(vault);
                }
                return Optional.of(admission);
            } catch (LoamException failed) {
                if (!isOfTheBatches(failed.code())) {
                    throw failed;
                }
                group.forEach(each -> drop(each.actor(), each.sequence(), from));
                return Optional.empty();
            }
        }

        private void drop(ActorId actor, long sequence, SortedMap<ActorId, Long> from) {
            area.drop(peer, vault, actor, sequence);
            store.parked()
                    .forget(
                            each ->
                                    each.peer().equals(peer)
                                            && each.vault().equals(vault)
                                            && each.actor().equals(actor));
            from.remove(actor);
        }

        private static boolean hasApplied(Admission admission, List<SyncEntry> group) {
            return group.stream()
                    .anyMatch(each -> !admission.parked().contains(each.actor(), each.sequence()));
        }
    }

    /** Whether it says that what was read is not what came, rather than that the store failed. */
    private static boolean isOfTheBatches(ErrorCode code) {
        return switch (code) {
            case FORBIDDEN, CORRUPT, FORMAT_VERSION, LIMIT_EXCEEDED -> true;
            default -> false;
        };
    }
}

package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.ClosedActor;
import dev.loam.core.DeviceId;
import dev.loam.core.Operation;
import dev.loam.core.Position;
import dev.loam.core.Stamp;
import dev.loam.core.Tip;
import dev.loam.core.VaultState;
import dev.loam.core.VersionVector;
import dev.loam.log.LogItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads from the log which devices have said that they erased what was forgotten. A receipt tells
 * of all purges that its author had applied, so that its context says of which. One thread.
 */
final class ForgetReceipts {
    private final Store store;
    private final VaultState vault;
    private final Map<ActorId, VersionVector> contexts = new TreeMap<>();
    private final Map<ActorId, VersionVector> erased = new TreeMap<>();

    /** The last purge of each author. */
    private final Map<ActorId, Long> purges = new TreeMap<>();

    ForgetReceipts(Store store, VaultState vault) {
        this.store = store;
        this.vault = vault;
    }

    /**
     * Whether some device of the vault may have something left of what was forgotten: as long as
     * that is so, the purges and the receipts have to stay in the log. Costs a reading of it, where
     * anything ever was forgotten.
     */
    static boolean areAwaited(Store store, VaultState vault) {
        if (!vault.hasPurges()) {
            return false;
        }
        ForgetReceipts receipts = new ForgetReceipts(store, vault);
        return receipts.read().devices().stream().anyMatch(device -> !device.hasErased())
                && !receipts.purges.isEmpty();
    }

    /** Costs a reading of the log. */
    ForgetStatus read() {
        Compaction.presentStates(store.log())
                .filter(states -> states.state().vaults().containsKey(vault.id()))
                .ifPresent(states -> contexts.putAll(states.contextsOf(vault.id())));
        try (LogWalk walk = LogWalk.after(store.log(), Position.START)) {
            while (walk.hasNext()) {
                if (walk.next() instanceof LogItem.Entry(Position _, Bytes payload)) {
                    LogEntry entry = LogEntry.decode(payload);
                    if (entry.id().vault().equals(vault.id())) {
                        take(entry.id(), BatchCodec.decode(entry.batch()));
                    }
                }
            }
        }
        return status();
    }

    private void take(BatchId id, Batch batch) {
        VersionVector before = contexts.getOrDefault(id.actor(), VersionVector.EMPTY);
        VersionVector known = batch.contextAfter(before).with(id.actor(), batch.tip(id.sequence()));
        contexts.put(id.actor(), known);
        if (Purges.areIn(batch)) {
            purges.put(id.actor(), id.sequence());
        }
        if (VaultState.controls(batch).stream().anyMatch(Operation.Erased.class::isInstance)) {
            erased.put(id.actor(), known);
        }
    }

    private ForgetStatus status() {
        Set<DeviceId> done = new HashSet<>();
        TreeMap<DeviceId, Stamp> seen = new TreeMap<>();
        for (Map.Entry<ActorId, ActorState> actor : vault.actors().entrySet()) {
            ActorState state = actor.getValue();
            if (!state.isExcluded()) {
                seen.merge(state.device(), state.stamp(), Stamp::max);
                if (hasErased(actor.getKey()) && !isAwaited(state)) {
                    done.add(state.device());
                }
            }
        }
        if (store.purgeNotes().from().isEmpty()) {
            done.add(store.device());
        } else {
            done.remove(store.device());
        }
        List<ForgetStatus.Device> devices = new ArrayList<>();
        seen.forEach(
                (device, stamp) ->
                        devices.add(
                                new ForgetStatus.Device(
                                        device, done.contains(device), lastSeen(stamp))));
        return new ForgetStatus(devices);
    }

    private boolean hasErased(ActorId actor) {
        VersionVector known = erased.getOrDefault(actor, VersionVector.EMPTY);
        return purges.entrySet().stream()
                .allMatch(
                        purge ->
                                vault.closed().containsKey(purge.getKey())
                                        || known.get(purge.getKey()).sequence()
                                                >= purge.getValue());
    }

    /** Whether it was let in again and has not come home: its disk is as it was. */
    private boolean isAwaited(ActorState actor) {
        return vault.hasPurges()
                && actor.tip().equals(Tip.NONE)
                && Stream.concat(
                                vault.actors().values().stream()
                                        .filter(ActorState::isExcluded)
                                        .map(ActorState::device),
                                vault.closed().values().stream().map(ClosedActor::device))
                        .anyMatch(actor.device()::equals);
    }

    private static Optional<Instant> lastSeen(Stamp stamp) {
        return stamp.equals(Stamp.ZERO)
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(stamp.millis()));
    }
}

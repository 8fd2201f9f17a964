package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.ChainHash;
import dev.loam.core.DeviceId;
import dev.loam.core.Gate;
import dev.loam.core.LoamException;
import dev.loam.core.Receiver;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.core.Verdict;
import dev.loam.core.VersionVector;
import dev.loam.sync.EndReason;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lets a group of batches of one vault into the store, whether it has just come or has waited here:
 * gate, log. Any thread; the gate is asked on the writer's.
 */
final class GroupIntake {
    private final Store store;
    private final DeviceId peer;

    /**
     * @param peer that sent them
     */
    GroupIntake(Store store, DeviceId peer) {
        this.store = store;
        this.peer = peer;
    }

    /**
     * What is applied is on the disk when this returns. Where a batch is refused, none is applied.
     *
     * @throws LoamException as writing does: then none was applied
     */
    Admission admit(VaultId vault, List<IncomingBatch> group) {
        Map<ActorId, VersionVector> naming = store.waiting().naming(vault);
        Admission admission = store.write(stage -> admit(stage, vault, group, naming));
        admission
                .causes()
                .forEach(
                        (actor, cause) ->
                                store.parked()
                                        .judged(
                                                cause,
                                                admission.firstParked(actor),
                                                store.state()));
        store.forceBeforeTelling();
        return admission;
    }

    private Admission admit(
            Stage outer,
            VaultId vault,
            List<IncomingBatch> group,
            Map<ActorId, VersionVector> naming) {
        Admission admission = new Admission();
        while (true) {
            try (Stage stage = outer.nested()) {
                Judge judge = judge(stage, vault, group, naming);
                for (IncomingBatch incoming : group) {
                    Optional<EndReason> refused =
                            admit(stage, incoming.id(vault), incoming, judge, admission);
                    if (refused.isPresent()) {
                        return Admission.refused(incoming.id(vault), refused.get());
                    }
                }
                Admission whole = admission.sealed(group, outer.vault(vault).frontier());
                if (whole == admission) {
                    outer.absorb(stage);
                    return admission;
                }
                admission = whole;
            }
        }
    }

    private Optional<EndReason> admit(
            Stage stage, BatchId id, IncomingBatch incoming, Judge judge, Admission admission) {
        VaultState vault = stage.vault(id.vault());
        Receiver receiver = judge.of(vault, id);
        if (admission.isUnsealed(id)) {
            Optional<Parked> before = admission.reasonBefore(id);
            if (before.isPresent()) {
                admission.park(before.get(), aheadMillis(before.get(), receiver));
            } else {
                park(vault, id, incoming, Parked.UNSEALED, receiver, admission);
            }
            return Optional.empty();
        }
        Verdict verdict =
                Gate.judge(vault, id, incoming.batch(), incoming.entry().batch(), receiver);
        switch (verdict) {
            case Verdict.Duplicate() -> {}
            case Verdict.Apply(ChainHash hash) -> {
                // Nobody has later batches of this store's than it has itself, unless it was
                // taken back.
                boolean isOfAnotherHistory =
                        incoming.verified().filter(expected -> !expected.equals(hash)).isPresent();
                if (isOwn(vault, id.actor()) || isOfAnotherHistory) {
                    return Optional.of(EndReason.FORK);
                }
                // What it continues has come since its seal was to be checked.
                if (incoming.verified().isEmpty()) {
                    park(vault, id, incoming, Parked.UNSEALED, receiver, admission);
                    return Optional.empty();
                }
                LogEntry entry = new LogEntry(id, hash, incoming.seal(), incoming.entry().batch());
                stage(stage, entry, incoming);
            }
            case Verdict.Park(var reason) ->
                    park(vault, id, incoming, reason.name(), receiver, admission);
            case Verdict.Refuse(var reason, String why) -> {
                return Optional.of(
                        switch (reason) {
                            case FORK -> EndReason.FORK;
                            case UPGRADE_REQUIRED -> EndReason.UPGRADE_REQUIRED;
                            case NOT_ENROLLED ->
                                    incoming.verified().isPresent()
                                            ? EndReason.REFUSED
                                            : EndReason.BAD_SEAL;
                            case BELOW_HORIZON -> EndReason.BELOW_HORIZON;
                            case BAD_CUT -> EndReason.BAD_CUT;
                            case REBASE -> EndReason.REBASE_REQUIRED;
                            case PROTOCOL -> EndReason.PROTOCOL;
                        });
            }
        }
        return Optional.empty();
    }

    /** What was forgotten before it came is never stored. */
    private void stage(Stage stage, LogEntry entry, IncomingBatch incoming) {
        Set<String> late = stage.stage(entry, incoming.batch());
        if (late.isEmpty()) {
            return;
        }
        VaultState vault = stage.vault(entry.id().vault());
        Bytes cut =
                new LateParts(store, stage, vault.id())
                        .cut(incoming.entry(), late, vault.contextOf(entry.id().actor()));
        if (!cut.equals(entry.batch())) {
            stage.replaceLast(entry.with(cut), BatchCodec.decode(cut));
        }
    }

    private void park(
            VaultState vault,
            BatchId id,
            IncomingBatch incoming,
            String reason,
            Receiver receiver,
            Admission admission) {
        boolean waitsForOthers =
                reason.equals(Verdict.ParkReason.GAP.name())
                        || reason.equals(Verdict.ParkReason.DEPS.name());
        Parked parked =
                new Parked(
                        peer,
                        id.vault(),
                        id.actor(),
                        id.sequence(),
                        reason,
                        Instant.ofEpochMilli(incoming.batch().stamp().millis()),
                        waitsForOthers
                                ? Gate.missing(vault, id, incoming.batch())
                                : Optional.empty());
        admission.park(parked, aheadMillis(parked, receiver));
    }

    private static long aheadMillis(Parked parked, Receiver receiver) {
        return parked.waitsForClock() ? parked.stamped().toEpochMilli() - receiver.wallMillis() : 0;
    }

    /** Who judges the batches of a group, one by one. */
    private record Judge(Receiver usual, Optional<Newcomer> newcomer) {
        Receiver of(VaultState vault, BatchId batch) {
            return newcomer.map(each -> each.receiver(usual, vault, batch)).orElse(usual);
        }
    }

    /** What this store knows beside the vault's state, and what batches that wait here name. */
    private Judge judge(
            Stage stage,
            VaultId id,
            List<IncomingBatch> group,
            Map<ActorId, VersionVector> naming) {
        VaultState vault = stage.vault(id);
        long wallMillis = store.environment().now().toEpochMilli();
        boolean isAhead =
                group.stream()
                        .map(each -> each.batch().stamp().millis())
                        .anyMatch(millis -> millis - Gate.CLOCK_AHEAD_MILLIS_MAX > wallMillis);
        boolean mayNeedAName =
                isAhead || vault.actors().values().stream().anyMatch(ActorState::isExcluded);
        VersionVector named = mayNeedAName ? named(vault, group, naming) : VersionVector.EMPTY;
        return new Judge(
                new Receiver(
                        store.ownActors().in(vault),
                        new LoggedHistory(store, stage, id),
                        named,
                        wallMillis),
                isAhead ? Optional.of(newcomer(vault, group, naming)) : Optional.empty());
    }

    private Newcomer newcomer(
            VaultState vault, List<IncomingBatch> group, Map<ActorId, VersionVector> naming) {
        return new Newcomer(
                store.device(),
                Newcomer.isOne(store.device(), vault)
                        ? namedByAnybody(group, naming)
                        : VersionVector.EMPTY);
    }

    private static VersionVector namedByAnybody(
            List<IncomingBatch> group, Map<ActorId, VersionVector> naming) {
        VersionVector named = VersionVector.EMPTY;
        for (IncomingBatch each : group) {
            if (each.verified().isPresent()) {
                named = each.batch().contextAfter(named);
            }
        }
        for (VersionVector waiting : naming.values()) {
            named = named.join(waiting);
        }
        return named;
    }

    private static VersionVector named(
            VaultState vault, List<IncomingBatch> group, Map<ActorId, VersionVector> naming) {
        Map<BatchId, Batch> verified = new LinkedHashMap<>();
        for (IncomingBatch each : group) {
            if (each.verified().isPresent()) {
                verified.put(each.id(vault.id()), each.batch());
            }
        }
        VersionVector named = vault.named(verified);
        for (Map.Entry<ActorId, VersionVector> waiting : naming.entrySet()) {
            if (vault.inGoodStanding(waiting.getKey())) {
                named = named.join(waiting.getValue());
            }
        }
        return named;
    }

    /** Whether this store writes as that actor; it may have been another of its device before. */
    private boolean isOwn(VaultState vault, ActorId actor) {
        return store.ownActors().in(vault).filter(actor::equals).isPresent();
    }
}

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
import dev.loam.sync.SyncEffect;
import dev.loam.sync.SyncEntry;
import dev.loam.sync.SyncInput;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Lets batches of a peer into the store: seal, gate, log. */
final class BatchIntake {
    private final Store store;
    private final DeviceId peer;
    private final SealCheck seals;
    private final Set<VaultId> uncheckable = new TreeSet<>();

    BatchIntake(Store store, DeviceId peer) {
        this.store = store;
        this.peer = peer;
        this.seals = new SealCheck(store);
    }

    /** The vaults in which a cut waits that cannot be checked here. */
    Set<VaultId> uncheckable() {
        return uncheckable;
    }

    SyncInput apply(SyncEffect.Apply apply) {
        try {
            Map<BatchId, Bytes> verified = seals.verifiedSeals(apply);
            Admission admission = store.write(stage -> admit(stage, apply, verified));
            store.forceBeforeTelling();
            return admission.answer(apply.vault());
        } catch (LoamException failed) {
            EndReason reason =
                    switch (failed.code()) {
                        case FORBIDDEN -> EndReason.BAD_SEAL;
                        case DIVERGED -> EndReason.FORK;
                        case CORRUPT -> EndReason.PROTOCOL;
                        case FORMAT_VERSION -> EndReason.UPGRADE_REQUIRED;
                        case LIMIT_EXCEEDED -> EndReason.LIMIT_EXCEEDED;
                        default -> EndReason.STORE_FAILED;
                    };
            return new SyncInput.ApplyFailed(apply.vault(), reason);
        }
    }

    /** What may not be applied yet is left out; where a batch is refused, none is applied. */
    private Admission admit(Stage outer, SyncEffect.Apply apply, Map<BatchId, Bytes> seals) {
        Admission admission = new Admission();
        while (true) {
            try (Stage stage = outer.nested()) {
                Receiver receiver = receiver(stage, apply);
                for (SyncEntry entry : apply.entries()) {
                    Incoming incoming = new Incoming(apply.vault(), entry, receiver);
                    Optional<EndReason> refused = admit(stage, incoming, seals, admission);
                    if (refused.isPresent()) {
                        return Admission.refused(refused.get());
                    }
                }
                Admission whole =
                        admission.sealed(apply.entries(), outer.vault(apply.vault()).frontier());
                if (whole == admission) {
                    outer.absorb(stage);
                    return admission;
                }
                admission = whole;
            }
        }
    }

    private record Incoming(VaultId vault, SyncEntry entry, Batch batch, Receiver receiver) {
        Incoming(VaultId vault, SyncEntry entry, Receiver receiver) {
            this(vault, entry, BatchCodec.decode(entry.batch()), receiver);
        }

        BatchId id() {
            return entry.id(vault);
        }
    }

    private Optional<EndReason> admit(
            Stage stage, Incoming incoming, Map<BatchId, Bytes> seals, Admission admission) {
        VaultState vault = stage.vault(incoming.vault());
        BatchId id = incoming.id();
        Bytes encoded = incoming.entry().batch();
        if (admission.isUnsealed(incoming.entry())) {
            park(
                    incoming,
                    admission.reasonBefore(incoming.entry()).orElse(Parked.UNSEALED),
                    admission);
            return Optional.empty();
        }
        Receiver receiver = new Newcomer(store.device()).receiver(incoming.receiver(), vault, id);
        Verdict verdict = Gate.judge(vault, id, incoming.batch(), encoded, receiver);
        switch (verdict) {
            case Verdict.Duplicate() -> {}
            case Verdict.Apply(ChainHash hash) -> {
                // Nobody has later batches of this store's than it has itself, unless it was
                // taken back.
                if (isOwn(vault, id.actor())) {
                    return Optional.of(EndReason.FORK);
                }
                stage.stage(
                        new LogEntry(id, hash, Optional.ofNullable(seals.get(id)), encoded),
                        incoming.batch());
            }
            case Verdict.Park(var reason) -> {
                if (reason == Verdict.ParkReason.HISTORY) {
                    uncheckable.add(incoming.vault());
                }
                park(incoming, reason.name(), admission);
            }
            case Verdict.Refuse(var reason, String why) -> {
                return Optional.of(
                        switch (reason) {
                            case FORK -> EndReason.FORK;
                            case UPGRADE_REQUIRED -> EndReason.UPGRADE_REQUIRED;
                            case NOT_ENROLLED -> EndReason.REFUSED;
                            case BELOW_HORIZON -> EndReason.BELOW_HORIZON;
                            case BAD_CUT -> EndReason.BAD_CUT;
                            case REBASE -> EndReason.REBASE_REQUIRED;
                            case PROTOCOL -> EndReason.PROTOCOL;
                        });
            }
        }
        return Optional.empty();
    }

    private void park(Incoming incoming, String reason, Admission admission) {
        long stamped = incoming.batch().stamp().millis();
        boolean waitsForClock = reason.equals(Verdict.ParkReason.CLOCK.name());
        admission.park(
                incoming.entry(),
                reason,
                waitsForClock ? stamped - incoming.receiver().wallMillis() : 0);
        store.parked()
                .add(
                        new Parked(
                                peer,
                                incoming.vault(),
                                incoming.entry().actor(),
                                incoming.entry().sequence(),
                                reason,
                                Instant.ofEpochMilli(stamped)),
                        store.state());
    }

    /** What this store knows beside the vault's state, and what the batches of the run name. */
    private Receiver receiver(Stage stage, SyncEffect.Apply apply) {
        VaultState vault = stage.vault(apply.vault());
        VersionVector named =
                vault.actors().values().stream().anyMatch(ActorState::isExcluded)
                        ? vault.named(decoded(apply))
                        : VersionVector.EMPTY;
        return new Receiver(
                store.ownActors().in(vault),
                new LoggedHistory(store, stage, apply.vault()),
                named,
                store.environment().now().toEpochMilli());
    }

    private static Map<BatchId, Batch> decoded(SyncEffect.Apply apply) {
        Map<BatchId, Batch> batches = new LinkedHashMap<>();
        for (SyncEntry entry : apply.entries()) {
            batches.put(entry.id(apply.vault()), BatchCodec.decode(entry.batch()));
        }
        return batches;
    }

    /** Whether this store writes as that actor; it may have been another of its device before. */
    private boolean isOwn(VaultState vault, ActorId actor) {
        return store.ownActors().in(vault).filter(actor::equals).isPresent();
    }
}

package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.Chain;
import dev.loam.core.ChainHash;
import dev.loam.core.ChainHistory;
import dev.loam.core.DeviceId;
import dev.loam.core.Gate;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.core.Verdict;
import dev.loam.log.LogItem;
import dev.loam.sync.EndReason;
import dev.loam.sync.SyncEffect;
import dev.loam.sync.SyncEntry;
import dev.loam.sync.SyncInput;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Lets batches of a peer into the store: seal, gate, log. */
final class BatchIntake {
    private final Store store;
    private final DeviceId peer;
    private final SealCheck seals;

    BatchIntake(Store store, DeviceId peer) {
        this.store = store;
        this.peer = peer;
        this.seals = new SealCheck(store, peer);
    }

    SyncInput apply(SyncEffect.Apply apply) {
        try {
            Map<BatchId, Bytes> verified = seals.verifiedSeals(apply);
            Optional<EndReason> refused = store.write(stage -> admit(stage, apply, verified));
            store.forceBeforeTelling();
            return refused.<SyncInput>map(
                            reason -> new SyncInput.ApplyFailed(apply.vault(), reason))
                    .orElseGet(() -> new SyncInput.Applied(apply.vault()));
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

    /** The reason why not all could be applied; then none is. */
    private Optional<EndReason> admit(
            Stage outer, SyncEffect.Apply apply, Map<BatchId, Bytes> seals) {
        try (Stage stage = outer.nested()) {
            Optional<EndReason> refused = admitInto(stage, apply, seals);
            if (refused.isEmpty()) {
                outer.absorb(stage);
            }
            return refused;
        }
    }

    private Optional<EndReason> admitInto(
            Stage stage, SyncEffect.Apply apply, Map<BatchId, Bytes> seals) {
        long wall = store.environment().now().toEpochMilli();
        for (SyncEntry entry : apply.entries()) {
            BatchId id = entry.id(apply.vault());
            Batch batch = BatchCodec.decode(entry.batch());
            Verdict verdict =
                    Gate.judge(
                            stage.vault(apply.vault()),
                            id,
                            batch,
                            entry.batch(),
                            history(stage, apply.vault()),
                            wall);
            switch (verdict) {
                case Verdict.Duplicate() -> {}
                case Verdict.Apply(ChainHash hash) -> {
                    // Nobody has later batches of this store's than it has itself, unless it was
                    // taken back.
                    if (isOwn(stage.vault(apply.vault()), entry.actor())) {
                        return Optional.of(EndReason.FORK);
                    }
                    stage.stage(
                            new LogEntry(
                                    id, hash, Optional.ofNullable(seals.get(id)), entry.batch()),
                            batch);
                }
                case Verdict.Park(var reason) -> {
                    store.parked()
                            .add(
                                    new Parked(
                                            peer,
                                            apply.vault(),
                                            entry.actor(),
                                            entry.sequence(),
                                            reason.name(),
                                            Instant.ofEpochMilli(batch.stamp().millis())));
                    return Optional.of(
                            reason == Verdict.ParkReason.CLOCK
                                    ? EndReason.CLOCK_AHEAD
                                    : EndReason.PROTOCOL);
                }
                case Verdict.Refuse(var reason, String why) -> {
                    return Optional.of(
                            switch (reason) {
                                case FORK -> EndReason.FORK;
                                case UPGRADE_REQUIRED -> EndReason.UPGRADE_REQUIRED;
                                case NOT_ENROLLED -> EndReason.REFUSED;
                                case BELOW_HORIZON, BAD_CUT, REBASE, PROTOCOL -> EndReason.PROTOCOL;
                            });
                }
            }
        }
        return Optional.empty();
    }

    /** Older batches than the tips are looked up in the log; seldom, only for late news. */
    private ChainHistory history(Stage stage, VaultId vault) {
        return (actor, sequence) -> {
            BatchId wanted = new BatchId(vault, actor, sequence);
            return stage.entry(wanted)
                    .or(() -> logged(wanted))
                    .map(entry -> Chain.prefix(entry.hash()));
        };
    }

    private Optional<LogEntry> logged(BatchId wanted) {
        Optional<Position> start =
                store.runs().startAfter(wanted.vault(), wanted.actor(), wanted.sequence() - 1);
        if (start.isEmpty()) {
            return Optional.empty();
        }
        long left = RunTable.SPAN;
        try (LogWalk reader = LogWalk.after(store.log(), new Position(start.get().number() - 1))) {
            while (reader.hasNext() && left-- > 0) {
                if (reader.next() instanceof LogItem.Entry(Position at, Bytes payload)) {
                    LogEntry entry = LogEntry.decode(payload);
                    if (entry.id().equals(wanted)) {
                        return Optional.of(entry);
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** Whether this store writes as that actor; it may have been another of its device before. */
    private boolean isOwn(VaultState vault, ActorId actor) {
        return store.ownActors().in(vault).filter(actor::equals).isPresent();
    }
}

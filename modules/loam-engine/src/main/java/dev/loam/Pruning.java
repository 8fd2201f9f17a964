package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.HeldBack;
import dev.loam.core.Operation;
import dev.loam.core.Stamp;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.core.VersionVector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Settles one vault's history as far as all have acknowledged it, and tells who has not. */
final class Pruning {
    private static final long WORTH_BYTES = 8 << 20;
    private static final long WORTH_PART_OF_LOG = 10;

    private final Store store;
    private final VaultState vault;

    /** As the vault is now. */
    Pruning(Store store, VaultId id) {
        this.store = store;
        this.vault = store.state().vault(id);
    }

    /** Writes a cut if it settles anything but acknowledgements and cuts. */
    PruneReport prune(String name) {
        Unsettled settled = due().filter(CutSpan::isNews).map(this::settle).orElse(Unsettled.NONE);
        return new PruneReport(name, settled, blockers());
    }

    /** Writes a cut if it frees enough. */
    boolean pruneIfWorth() {
        Optional<CutSpan> due = due();
        if (due.isEmpty() || !isWorth(due.get().measure())) {
            return false;
        }
        settle(due.get());
        return true;
    }

    private Optional<CutSpan> due() {
        return ControlBatch.author(store, vault)
                .flatMap(vault::cut)
                .map(cut -> span(vault.horizon(), cut.horizon()));
    }

    boolean isWorth(Unsettled span) {
        return !span.isNone()
                && span.bytes()
                        >= Math.min(WORTH_BYTES, store.log().sizeBytes() / WORTH_PART_OF_LOG);
    }

    CutSpan span(VersionVector from, VersionVector to) {
        return CutSpan.between(store, vault.id(), from, to);
    }

    /** What has come since may have raised the cut. */
    private Unsettled settle(CutSpan due) {
        Unsettled settled = due.measure();
        store.write(
                stage -> {
                    VaultState now = stage.vault(vault.id());
                    Optional<Operation.Cut> cut = ControlBatch.author(store, now).flatMap(now::cut);
                    cut.ifPresent(
                            each -> ControlBatch.stage(store, stage, now.id(), List.of(each)));
                    return Optional.empty();
                });
        return settled;
    }

    /** Those who have not acknowledged all that is here, acknowledgements and cuts aside. */
    List<Blocker> blockers() {
        Optional<ActorId> own = ControlBatch.author(store, vault);
        if (own.isEmpty()) {
            return List.of();
        }
        Map<ActorId, HeldBack> alone = new TreeMap<>();
        vault.holdsBack(own.get()).forEach(each -> alone.put(each.actor(), each));
        List<Blocker> blockers = new ArrayList<>();
        for (Map.Entry<ActorId, ActorState> each : vault.actors().entrySet()) {
            ActorId actor = each.getKey();
            HeldBack held = alone.get(actor);
            boolean lacks =
                    !each.getValue().isExcluded()
                            && !actor.equals(own.get())
                            && span(each.getValue().ack(), vault.frontier()).isNews();
            CutSpan span = held == null ? null : span(held.stableCut(), held.without());
            if ((span != null && span.isNews()) || (held == null && lacks)) {
                blockers.add(
                        blocker(
                                actor,
                                each.getValue(),
                                Optional.ofNullable(held),
                                span == null ? Unsettled.NONE : span.measure()));
            }
        }
        return blockers;
    }

    private static Blocker blocker(
            ActorId actor, ActorState state, Optional<HeldBack> held, Unsettled alone) {
        return new Blocker(
                actor,
                state.device(),
                held.map(HeldBack::reason).orElse(HeldBack.Reason.NOT_ACKNOWLEDGED),
                state.stamp().equals(Stamp.ZERO)
                        ? Optional.empty()
                        : Optional.of(Instant.ofEpochMilli(state.stamp().millis())),
                alone);
    }
}

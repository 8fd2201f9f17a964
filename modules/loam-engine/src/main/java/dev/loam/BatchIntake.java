package dev.loam;

import dev.loam.core.DeviceId;
import dev.loam.core.LoamException;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.core.Verdict;
import dev.loam.sync.EndReason;
import dev.loam.sync.SyncEffect;
import dev.loam.sync.SyncInput;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Lets batches of a peer into the store: seal, gate, log. What may not be applied yet waits, and is
 * tried again when something has come. The thread of the peer's session.
 */
final class BatchIntake {
    private final Store store;
    private final DeviceId peer;
    private final SealCheck seals;
    private final GroupIntake groups;
    private final Set<VaultId> uncheckable = new TreeSet<>();

    BatchIntake(Store store, DeviceId peer) {
        this.store = store;
        this.peer = peer;
        this.seals = new SealCheck(store);
        this.groups = new GroupIntake(store, peer);
    }

    /** The vaults in which a cut waits that cannot be checked here. */
    Set<VaultId> uncheckable() {
        return uncheckable;
    }

    SyncInput apply(SyncEffect.Apply apply) {
        VaultId vault = apply.vault();
        try {
            List<IncomingBatch> group =
                    seals.check(vault, apply.entries(), store.waiting().ahead(peer, vault));
            Admission admission = groups.admit(vault, group);
            if (admission.refusal().isEmpty()) {
                keepParked(vault, group, admission);
                tryAgain(vault);
            }
            return admission.answer(vault, store.state().vault(vault));
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
            return new SyncInput.ApplyFailed(vault, reason);
        }
    }

    private void keepParked(VaultId vault, List<IncomingBatch> group, Admission admission) {
        keep(
                vault,
                group.stream()
                        .filter(
                                each ->
                                        admission
                                                .parked()
                                                .contains(
                                                        each.entry().actor(),
                                                        each.entry().sequence()))
                        .toList());
        if (admission.causes().values().stream()
                .anyMatch(cause -> cause.waitsFor(Verdict.ParkReason.HISTORY))) {
            uncheckable.add(vault);
        }
    }

    /** Without what was forgotten; what is forgotten meanwhile takes all that waits with it. */
    private void keep(VaultId vault, List<IncomingBatch> parked) {
        VaultState before = store.state().vault(vault);
        boolean isPurged =
                parked.stream().anyMatch(each -> LateParts.changesPurged(each.batch(), before));
        List<IncomingBatch> left =
                isPurged
                        ? store.ask(stage -> new LateParts(store, stage, vault).waiting(parked))
                        : parked;
        store.waiting().keep(peer, vault, left);
        VaultState after = store.state().vault(vault);
        if (parked.stream().anyMatch(each -> LateParts.wasPurged(each.batch(), before, after))) {
            store.waiting().forget(vault);
        }
    }

    private void tryAgain(VaultId vault) {
        try {
            store.unparking().tryAgain(vault, uncheckable::add);
        } catch (LoamException failed) {
            // The group is in, and what waits goes on waiting. If the store takes nothing any
            // more, the next group ends the session.
        }
    }
}

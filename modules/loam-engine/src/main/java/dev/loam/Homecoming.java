package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.DeviceId;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.sync.EndReason;
import dev.loam.sync.SyncEffect;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What follows for this store from how a session ended: in which vaults it must begin anew, because
 * the others have gone on without it; and what it need not keep aside any more.
 */
final class Homecoming {
    private final Store store;
    private final DeviceId peer;
    private final SyncOptions options;

    Homecoming(Store store, DeviceId peer, SyncOptions options) {
        this.store = store;
        this.peer = peer;
        this.options = options;
    }

    /**
     * @param desk what became of snapshots in this session
     * @param uncheckable vaults of which the peer has a cut that this store cannot check, as it
     *     does not know what authors had applied then: it would wait for ever, and all behind it
     */
    void after(SyncEffect.Finish finish, SnapshotDesk desk, Set<VaultId> uncheckable) {
        // Of these the peer takes nothing more, and goes on itself.
        TreeSet<VaultId> out = new TreeSet<>(finish.rebase());
        TreeSet<VaultId> rebase = new TreeSet<>(uncheckable);
        TreeSet<VaultId> kept = new TreeSet<>();
        kept.addAll(new PastClock(store, peer).left(finish.waiting().aheadThere()));
        for (VaultState vault : store.state().vaults().values()) {
            // Whoever has applied its own exclusion writes, takes and serves nothing any more.
            if (store.ownActors().isShutOut(vault)
                    || (isWithheldBothWays(finish) && store.ownActors().isAwaiting(vault))) {
                rebase.add(vault.id());
            }
            if (isOrphan(vault, finish)) {
                kept.add(vault.id());
            }
        }
        (isFirstOfTwo(finish) ? rebase : out).addAll(kept);
        rebase.addAll(out);
        if (!rebase.isEmpty()) {
            store.ask(
                    stage -> {
                        rebase.forEach(id -> rebase(stage.vault(id), out.contains(id)));
                        return Optional.empty();
                    });
        }
        if (finish.reason() == EndReason.DONE) {
            dropSafe(desk.adopted());
            met(store.state().vaults().keySet(), Optional.empty());
        } else if (!desk.unmade().isEmpty()) {
            met(desk.unmade(), Optional.of(peer));
        }
    }

    /** As by two that have excluded each other: one that is not in yet has nothing to stand on. */
    private static boolean isWithheldBothWays(SyncEffect.Finish finish) {
        return finish.reason() == EndReason.WITHHELD && isKeptBothWays(finish);
    }

    private static boolean isKeptBothWays(SyncEffect.Finish finish) {
        return finish.waiting().sentBatches() > 0 && finish.waiting().receivedBatches() > 0;
    }

    /** The peer has nothing more than this store of these vaults, nor wants to keep it. */
    private void met(Set<VaultId> vaults, Optional<DeviceId> standsBack) {
        store.ask(
                stage -> {
                    vaults.stream()
                            .filter(this::isShared)
                            .map(stage::vault)
                            .forEach(vault -> store.ownActors().met(vault, peer));
                    return Optional.empty();
                });
        new Membership(store).letSelfIn(standsBack);
    }

    private boolean isShared(VaultId vault) {
        return options.includes(vault)
                && StoreState.actorOf(store.state().vault(vault), peer).isPresent();
    }

    private void rebase(VaultState vault, boolean isOut) {
        store.ownActors()
                .beginRebase(
                        vault,
                        store.environment().randomBytes(ActorId.NONCE_SIZE),
                        Optional.of(peer).filter(by -> isOut));
    }

    /**
     * Whether this store was let in by a batch that the peer does not take, as it has excluded the
     * author and nobody whom it knows names that batch: so it takes nothing of this store either.
     */
    private boolean isOrphan(VaultState vault, SyncEffect.Finish finish) {
        return store.ownActors()
                .in(vault)
                .flatMap(vault::actor)
                .filter(
                        own ->
                                own.isLetInBehind(
                                        finish.waiting()
                                                .excludedThere()
                                                .getOrDefault(vault.id(), new TreeMap<>())))
                .isPresent();
    }

    /** If neither takes anything of the other, one of them has to stand when they meet again. */
    private boolean isFirstOfTwo(SyncEffect.Finish finish) {
        return isKeptBothWays(finish) && store.device().compareTo(peer) < 0;
    }

    /**
     * A session that is done has told the peer everything of the vaults that it shares, but of
     * those that came as snapshots: what was then written anew goes with the next.
     */
    private void dropSafe(Set<VaultId> adopted) {
        for (SetAside aside : SetAside.all(store)) {
            VaultId vault = aside.vault();
            if (isShared(vault) && !adopted.contains(vault)) {
                aside.drop();
            }
        }
    }
}

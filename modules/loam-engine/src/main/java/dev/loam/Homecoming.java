package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.sync.EndReason;
import dev.loam.sync.SyncEffect;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

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
        SortedSet<VaultId> notTaken = notTaken(finish);
        // Of two who take nothing of each other one has to stand when they meet again.
        boolean isFirst = isKeptBothWays(finish) && store.device().compareTo(peer) < 0;
        rebase(finish.rebase(), Optional.of(peer));
        rebase(notTaken, Optional.of(peer).filter(told -> !isFirst));
        rebase(withoutStanding(finish), Optional.empty());
        rebase(uncheckable, Optional.empty());
        if (finish.reason() == EndReason.DONE) {
            dropSafe(desk.adopted());
            met(store.state().vaults().keySet(), Optional.empty());
        } else {
            if (finish.reason() == EndReason.CLOCK_AHEAD || finish.reason() == EndReason.WITHHELD) {
                // All was exchanged, but for what waits; of others it may wait for ever.
                met(withNothingOfOwnWaiting(), Optional.empty());
            }
            if (!desk.unmade().isEmpty()) {
                met(desk.unmade(), Optional.of(peer));
            }
        }
    }

    /** As by two that have excluded each other: one that is not in yet has nothing to stand on. */
    private static boolean isWithheldBothWays(SyncEffect.Finish finish) {
        return finish.reason() == EndReason.WITHHELD && isKeptBothWays(finish);
    }

    private static boolean isKeptBothWays(SyncEffect.Finish finish) {
        return finish.waiting().sentBatches() > 0 && finish.waiting().receivedBatches() > 0;
    }

    /** The vaults of which this store has taken all that the peer has of this device's batches. */
    private Set<VaultId> withNothingOfOwnWaiting() {
        return store.state().vaults().values().stream()
                .filter(vault -> vault.actors().entrySet().stream().noneMatch(isOwnAndWaits(vault)))
                .map(VaultState::id)
                .collect(Collectors.toSet());
    }

    private Predicate<Map.Entry<ActorId, ActorState>> isOwnAndWaits(VaultState vault) {
        return each ->
                each.getValue().device().equals(store.device())
                        && store.parked()
                                .of(peer, vault.id(), each.getKey())
                                .filter(of -> of.sequence() > each.getValue().tip().sequence())
                                .isPresent();
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

    /**
     * Where the peer was revoked meanwhile, what it takes and what it has counts for nothing.
     *
     * @param toldBy the peer, if it takes nothing more of this store, and goes on itself
     */
    private void rebase(Set<VaultId> vaults, Optional<DeviceId> toldBy) {
        if (vaults.isEmpty()) {
            return;
        }
        store.ask(
                stage -> {
                    for (VaultId id : vaults) {
                        VaultState vault = stage.vault(id);
                        if (!vault.revoked().contains(peer)) {
                            Bytes nonce = store.environment().randomBytes(ActorId.NONCE_SIZE);
                            store.ownActors().beginRebase(vault, nonce, toldBy);
                        }
                    }
                    return Optional.empty();
                });
    }

    /** The vaults in which the peer keeps all that this store writes waiting, for ever or long. */
    private SortedSet<VaultId> notTaken(SyncEffect.Finish finish) {
        TreeSet<VaultId> notTaken =
                new TreeSet<>(new PastClock(store, peer).left(finish.waiting().aheadThere()));
        finish.waiting()
                .excludedThere()
                .forEach(
                        (vault, authors) -> {
                            if (isOrphan(store.state().vault(vault), authors)) {
                                notTaken.add(vault);
                            }
                        });
        return notTaken;
    }

    /** The vaults in which nobody takes anything of this store as it is. */
    private SortedSet<VaultId> withoutStanding(SyncEffect.Finish finish) {
        TreeSet<VaultId> without = new TreeSet<>();
        for (VaultState vault : store.state().vaults().values()) {
            // Whoever has applied its own exclusion writes, takes and serves nothing any more.
            if (store.ownActors().isShutOut(vault)
                    || (isWithheldBothWays(finish) && store.ownActors().isAwaiting(vault))) {
                without.add(vault.id());
            }
        }
        return without;
    }

    /**
     * Whether this store was let in by a batch that the peer does not take, as it has excluded the
     * author and nobody whom it knows names that batch: so it takes nothing of this store either.
     */
    private boolean isOrphan(VaultState vault, SortedMap<ActorId, Long> excludedThere) {
        return store.ownActors()
                .in(vault)
                .flatMap(vault::actor)
                .filter(own -> own.isLetInBehind(excludedThere))
                .isPresent();
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

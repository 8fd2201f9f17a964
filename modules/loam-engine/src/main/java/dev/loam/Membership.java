package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.Operation;
import dev.loam.core.Part;
import dev.loam.core.Tip;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Lets next actors of known devices into vaults: this store's own, and a peer's. */
final class Membership {
    /** How many actors of a device may be in a vault without having written. */
    static final int UNUSED_MAX = 8;

    private static final int SEED_SIZE = 16;

    private final Store store;

    Membership(Store store) {
        this.store = store;
    }

    /**
     * Where nobody else can, this device's last actor lets the next one in, and writes nothing
     * else: where it is alone in a vault, or all others wait to be let in as well.
     *
     * @param standsBack who wants a vault from this store, and begins nothing before
     */
    void letSelfIn(Optional<DeviceId> standsBack) {
        if (store.ownActors().awaited(store.state()).isEmpty()) {
            return;
        }
        store.write(
                stage -> {
                    store.ownActors()
                            .awaited(stage.state())
                            .forEach(
                                    (id, nonce) ->
                                            letSelfIn(stage, stage.vault(id), nonce, standsBack));
                    return Optional.empty();
                });
    }

    private void letSelfIn(
            Stage stage, VaultState vault, Bytes nonce, Optional<DeviceId> standsBack) {
        store.ownActors()
                .predecessor(vault, standsBack)
                .ifPresent(
                        last ->
                                enrol(
                                        stage,
                                        new BatchAuthor(vault.id(), last),
                                        new Operation.Enrol(
                                                store.identity().publicKey(),
                                                NextName.nonce(nonce, last))));
    }

    private record BatchAuthor(VaultId vault, ActorId actor) {}

    /** What this store asks a peer for. */
    Bytes introduction() {
        StoreState state = store.state();
        TreeMap<VaultId, Introduction.Asked> all = new TreeMap<>();
        store.ownActors()
                .awaited(state)
                .forEach(
                        (id, nonce) -> {
                            VaultState vault = state.vault(id);
                            all.put(
                                    id,
                                    new Introduction.Asked(
                                            nonce, store.ownActors().before(vault), need(vault)));
                        });
        return Introduction.encode(all);
    }

    private Introduction.Need need(VaultState vault) {
        if (!store.ownActors().wantsSnapshot(vault)) {
            return Introduction.Need.NAME;
        }
        return store.ownActors().mayStand(vault)
                ? Introduction.Need.SNAPSHOT_OR_STAND
                : Introduction.Need.SNAPSHOT;
    }

    /** Lets the actors in that a peer asks for, into vaults in which both devices are. */
    void letIn(Peer peer, Bytes introduction) {
        Map<VaultId, Introduction.Asked> all = Introduction.decode(introduction);
        if (all.isEmpty()) {
            return;
        }
        store.write(
                stage -> {
                    all.forEach(
                            (id, asked) -> {
                                VaultState vault = stage.vault(id);
                                if (!isMember(vault, peer.id())) {
                                    return;
                                }
                                standOrGiveUp(vault, peer, asked);
                                if (ControlBatch.author(store, vault).isPresent()) {
                                    letIn(stage, vault, peer, asked);
                                }
                            });
                    return Optional.empty();
                });
    }

    private void letIn(Stage stage, VaultState vault, Peer peer, Introduction.Asked asked) {
        ActorId own = store.ownActor(vault);
        Bytes nonce = NextName.nonce(asked.nonce(), own);
        boolean isIn =
                NextName.in(vault, peer.id(), asked.nonce())
                        .filter(vault::inGoodStanding)
                        .isPresent();
        boolean isSpent = vault.hasEnrolled(ActorId.of(peer.id(), vault.id(), nonce));
        if (!isIn && !isSpent && unused(vault, peer) < UNUSED_MAX) {
            enrol(
                    stage,
                    new BatchAuthor(vault.id(), own),
                    new Operation.Enrol(peer.publicKey(), nonce, replaced(vault, peer, asked)));
        }
    }

    /**
     * Of two that want a snapshot of each other one has to make it, and at once: by their next
     * meeting either may have met others that make it want one again. If both could, it is the one
     * with the smaller id. A peer that was put back, and asks for a name only, may let itself in
     * when it has met this store, with numbers that this store holds of it.
     */
    private void standOrGiveUp(VaultState vault, Peer peer, Introduction.Asked asked) {
        OwnActors own = store.ownActors();
        if (asked.need() == Introduction.Need.NAME) {
            own.giveUp(vault);
            return;
        }
        boolean isFirst =
                asked.need() == Introduction.Need.SNAPSHOT
                        || store.device().compareTo(peer.id()) < 0;
        if (isFirst && own.mayStand(vault)) {
            own.standAgain(vault);
        }
        own.noLongerToldBy(vault, peer.id());
    }

    /**
     * The actor that is replaced is excluded where it is known here: so what this store has taken
     * of it, when it gives a snapshot to the new one, is all that it ever takes, unless another
     * member has taken more. Where it is not, as what let it in waits or never comes, that holds of
     * the one before it: nothing more is written as that.
     */
    private static Optional<ActorId> replaced(
            VaultState vault, Peer peer, Introduction.Asked asked) {
        return asked.replaced()
                .flatMap(
                        last ->
                                vault.hasEnrolled(last)
                                        ? Optional.of(last)
                                        : lastWriting(vault, peer.id()))
                .filter(vault::inGoodStanding)
                .filter(
                        actor ->
                                vault.actor(actor)
                                        .filter(is -> is.device().equals(peer.id()))
                                        .isPresent());
    }

    private static Optional<ActorId> lastWriting(VaultState vault, DeviceId device) {
        return vault.actors().entrySet().stream()
                .filter(each -> each.getValue().device().equals(device))
                .filter(each -> !each.getValue().tip().equals(Tip.NONE))
                .filter(each -> vault.inGoodStanding(each.getKey()))
                .max(Comparator.comparing(each -> each.getValue().stamp()))
                .map(Map.Entry::getKey);
    }

    /**
     * Whether a device that names the vault is in it, or has been, and is not revoked: of closed
     * actors the device is forgotten, and who names the vault's id has been in it.
     */
    private static boolean isMember(VaultState vault, DeviceId device) {
        return !vault.revoked().contains(device)
                && (StoreState.actorOf(vault, device).isPresent() || !vault.closed().isEmpty());
    }

    /** As how many actors the peer is in that have not written. */
    private static long unused(VaultState vault, Peer peer) {
        return vault.actors().values().stream()
                .filter(actor -> actor.device().equals(peer.id()))
                .filter(actor -> actor.tip().equals(Tip.NONE))
                .count();
    }

    private void enrol(Stage stage, BatchAuthor author, Operation enrol) {
        Stage.Draft draft =
                stage.draft(
                        author.vault(), author.actor(), store.environment().now().toEpochMilli());
        stage.stage(
                draft.id(),
                draft.batch(
                        List.of(new Part("", List.of(enrol))),
                        store.environment().randomBytes(SEED_SIZE)));
    }
}

package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Operation;
import dev.loam.core.Part;
import dev.loam.core.VaultState;
import java.util.List;
import java.util.Optional;

/** Lets the peer of a session into the vaults that it is to have. */
final class PeerEnrolment {
    private static final int NONCE_SIZE = 8;
    private static final int SEED_SIZE = 16;

    private final Store store;
    private final DeviceId peer;
    private final SyncOptions options;

    PeerEnrolment(Store store, DeviceId peer, SyncOptions options) {
        this.store = store;
        this.peer = peer;
        this.options = options;
    }

    /** Lets the paired device into every vault, of those chosen, that it is not in yet. */
    void letPeerIn() {
        Peer known =
                store.peers()
                        .find(peer)
                        .orElseThrow(
                                () ->
                                        new LoamException(
                                                ErrorCode.FORBIDDEN,
                                                "the device " + peer + " is not paired"));
        if (store.state().vaults().values().stream().noneMatch(this::isToBeLetInto)) {
            return;
        }
        store.write(
                stage -> {
                    for (VaultState vault : stage.state().vaults().values()) {
                        if (isToBeLetInto(vault)) {
                            refuseIfLetGo(vault);
                            enrol(stage, vault, known.publicKey());
                        }
                    }
                    return Optional.empty();
                });
    }

    private boolean isToBeLetInto(VaultState vault) {
        return options.includes(vault.id())
                && StoreState.actorOf(vault, peer).isEmpty()
                && store.ownActors().in(vault).isPresent();
    }

    /** Whoever is new to a vault needs all of its batches. */
    private void refuseIfLetGo(VaultState vault) {
        boolean hasAll =
                vault.actors().entrySet().stream()
                        .filter(actor -> actor.getValue().tip().sequence() > 0)
                        .allMatch(actor -> store.runs().hasFirst(vault.id(), actor.getKey()));
        if (!hasAll) {
            throw new LoamException(
                    ErrorCode.HISTORY_GONE,
                    "the vault \""
                            + vault.name()
                            + "\" was compacted before this device was paired, and what was let go"
                            + " cannot be sent. Export its memories and import them there");
        }
    }

    private void enrol(Stage stage, VaultState vault, Bytes publicKey) {
        Stage.Draft draft =
                stage.draft(
                        vault.id(),
                        store.ownActor(vault),
                        store.environment().now().toEpochMilli());
        Operation enrol =
                new Operation.Enrol(publicKey, store.environment().randomBytes(NONCE_SIZE));
        stage.stage(
                draft.id(),
                draft.batch(
                        List.of(new Part("", List.of(enrol))),
                        store.environment().randomBytes(SEED_SIZE)));
    }
}

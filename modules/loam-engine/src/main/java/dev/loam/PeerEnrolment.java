package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Operation;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import java.util.ArrayList;
import java.util.List;

/** Lets the peer of a session into the vaults that it is to have. */
final class PeerEnrolment {
    private static final int NONCE_SIZE = 8;

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
        List<VaultId> entered =
                store.write(
                        stage -> {
                            List<VaultId> vaults = new ArrayList<>();
                            for (VaultState vault : stage.state().vaults().values()) {
                                if (isToBeLetInto(vault)) {
                                    settleWhatWasLetGo(stage, vault);
                                    VaultState settled = stage.vault(vault.id());
                                    refuseIfLetGo(settled);
                                    enrol(stage, settled, known.publicKey());
                                    vaults.add(vault.id());
                                }
                            }
                            return vaults;
                        });
        entered.forEach(vault -> store.audit().record(new AuditEvent.DeviceLetIn(vault, peer)));
    }

    private boolean isToBeLetInto(VaultState vault) {
        return options.includes(vault.id())
                && StoreState.actorOf(vault, peer).isEmpty()
                && !vault.revoked().contains(peer)
                && ControlBatch.author(store, vault).isPresent();
    }

    /** Whoever is new to a vault needs all of its batches, or a snapshot and all above it. */
    private void refuseIfLetGo(VaultState vault) {
        if (!hasAllAboveHorizon(vault)) {
            throw new LoamException(
                    ErrorCode.HISTORY_GONE,
                    "the vault \""
                            + vault.name()
                            + "\" was compacted before this device was paired, and what was let go"
                            + " cannot be sent. Export its memories and import them there");
        }
    }

    /**
     * What a compaction let go is settled if nobody else can need it: then a newcomer takes a
     * snapshot instead.
     */
    private void settleWhatWasLetGo(Stage stage, VaultState vault) {
        if (hasAllAboveHorizon(vault)) {
            return;
        }
        vault.cut(store.ownActor(vault))
                .ifPresent(cut -> ControlBatch.stage(store, stage, vault.id(), List.of(cut)));
    }

    private boolean hasAllAboveHorizon(VaultState vault) {
        return vault.actors().keySet().stream()
                .allMatch(
                        actor ->
                                store.runs()
                                        .hasAllAfter(
                                                vault.id(),
                                                actor,
                                                vault.horizon().get(actor).sequence()));
    }

    private void enrol(Stage stage, VaultState vault, Bytes publicKey) {
        Bytes nonce = store.environment().randomBytes(NONCE_SIZE);
        ControlBatch.stage(
                store, stage, vault.id(), List.of(new Operation.Enrol(publicKey, nonce)));
    }
}

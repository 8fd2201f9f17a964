package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.ClosedActor;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Operation;
import dev.loam.core.VaultState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shuts devices out of all vaults, by operations that every other device gets. */
final class Revocation {
    private final Store store;

    Revocation(Store store) {
        this.store = store;
    }

    /** The operations first: a crash in between leaves a device that is refused all the same. */
    List<String> revoke(DeviceId device) {
        if (device.equals(store.device())) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT, "a device cannot revoke itself; use another one");
        }
        boolean isPaired = store.peers().find(device).isPresent();
        boolean isKnown =
                store.state().vaults().values().stream()
                        .anyMatch(
                                vault ->
                                        StoreState.actorOf(vault, device).isPresent()
                                                || vault.revoked().contains(device));
        if (!isPaired && !isKnown) {
            throw new LoamException(
                    ErrorCode.NOT_FOUND,
                    "the device " + device + " is neither paired with this store nor in a vault");
        }
        List<String> names = isKnown ? store.write(stage -> shutOut(stage, device)) : List.of();
        refuse(device, AuditEvent.Revoker.THIS_DEVICE);
        if (!isPaired) {
            store.audit().record(revoked(device, AuditEvent.Revoker.THIS_DEVICE));
        }
        return names;
    }

    private static AuditEvent revoked(DeviceId device, AuditEvent.Revoker by) {
        return new AuditEvent.DeviceRevoked(device, by);
    }

    /** Trusts a device no longer, if it did, ends its sessions, and changes the master key. */
    void refuse(DeviceId device, AuditEvent.Revoker by) {
        boolean wasPaired = store.peers().find(device).isPresent();
        if (wasPaired) {
            store.peers().remove(device);
        }
        store.links().shutOut(device);
        store.contacts().forget(device);
        store.unparking().forget(device);
        if (wasPaired) {
            try {
                store.audit().record(revoked(device, by));
            } finally {
                // A trail that cannot be written must not leave the master key as it was.
                new KeyRotation(store).rotate(AuditEvent.RotationCause.REVOCATION);
            }
        }
    }

    private List<String> shutOut(Stage stage, DeviceId device) {
        List<String> names = new ArrayList<>();
        for (Map.Entry<String, VaultState> each : stage.state().byName().entrySet()) {
            VaultState vault = each.getValue();
            List<Operation.Revoke> revocations = of(vault, device);
            if (!revocations.isEmpty()) {
                ControlBatch.stage(store, stage, vault.id(), revocations);
                names.add(each.getKey());
            }
            standIfAlone(stage.vault(vault.id()));
        }
        return names;
    }

    /** Where nobody is left to make a snapshot, none is wanted. */
    private void standIfAlone(VaultState vault) {
        boolean isAlone =
                vault.actors().values().stream()
                        .map(ActorState::device)
                        .allMatch(
                                each ->
                                        each.equals(store.device())
                                                || vault.revoked().contains(each));
        if (isAlone) {
            store.ownActors().standAgain(vault);
        }
    }

    /**
     * Of all its actors that are not closed, suspended ones too: else it could be let in again.
     * What was revoked before is not revoked again.
     */
    static List<Operation.Revoke> of(VaultState vault, DeviceId device) {
        boolean isRevoked = vault.revoked().contains(device);
        return vault.actors().entrySet().stream()
                .filter(actor -> actor.getValue().device().equals(device))
                .filter(actor -> !isRevoked || !actor.getValue().isExcluded())
                .map(actor -> new Operation.Revoke(actor.getKey()))
                .toList();
    }

    /** Of the device of an actor that may be closed, and all that is left of it. */
    static List<Operation.Revoke> of(VaultState vault, ActorId known) {
        Optional<DeviceId> device =
                vault.actor(known)
                        .map(ActorState::device)
                        .or(
                                () ->
                                        Optional.ofNullable(vault.closed().get(known))
                                                .map(ClosedActor::device));
        if (device.isEmpty()) {
            return List.of();
        }
        List<Operation.Revoke> all = of(vault, device.get());
        return all.isEmpty() && !vault.revoked().contains(device.get())
                ? List.of(new Operation.Revoke(known))
                : all;
    }
}

package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.VaultState;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Which incarnation of its device a store is. A copy must not write as the actors of what it is a
 * copy of, which may go on writing: opening tells by {@link StorePlace}, and then takes new names
 * in {@link OwnActors}.
 */
final class Incarnation {
    private final StorePlace place;
    private final OwnActors actors;

    Incarnation(StoreFolder store, DeviceId device) {
        this.place = new StorePlace(store);
        this.actors = new OwnActors(store, device);
    }

    /**
     * Settles as whom the store goes on; durable on return.
     *
     * @param vaults all that the store has
     * @return a note if it is a copy of another, or not known not to be
     */
    Optional<String> settle(Collection<VaultState> vaults, Supplier<Bytes> nonces) {
        Optional<Boolean> isRemembered = place.isRemembered();
        boolean isFresh = vaults.isEmpty();
        boolean isCopy = !isRemembered.orElse(isFresh);
        if (isCopy) {
            actors.restart(vaults, nonces);
        } else {
            actors.settle(vaults, nonces);
        }
        // Last: killed before, the next opening finds the copy again.
        if (isCopy || isRemembered.isEmpty()) {
            place.remember();
        }
        return isCopy
                ? Optional.of(
                        "this store was copied, restored or moved to another file system; it goes on"
                                + " as a new incarnation of its device")
                : Optional.empty();
    }

    /** As which actor the store writes in each vault. */
    OwnActors actors() {
        return actors;
    }

    /**
     * The actor as which the store writes in a vault that exists, and from now on; the writer's
     * thread.
     *
     * @throws LoamException {@code FORBIDDEN} if it is not in, or was shut out
     */
    ActorId author(VaultState vault) {
        ActorId own =
                actors.in(vault)
                        .or(() -> actors.before(vault).filter(vault::inGoodStanding))
                        .orElseThrow(
                                () ->
                                        new LoamException(
                                                ErrorCode.FORBIDDEN,
                                                "this device has not been let into the vault \""
                                                        + vault.name()
                                                        + "\", or its store was copied or restored"
                                                        + " since; sync with a device that is in"
                                                        + " it"));
        actors.keep(vault, own);
        if (!vault.inGoodStanding(own)) {
            throw new LoamException(
                    ErrorCode.FORBIDDEN,
                    "this device was shut out of the vault \""
                            + vault.name()
                            + "\": it may be read and not written; sync with a device that is in"
                            + " it to be let in again, unless it was revoked");
        }
        return own;
    }
}

package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.VaultState;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * As which a device that asks to be let in again may write. Each member lets it in under another
 * name, made of what the device asks with and of the member's actor: a name vouches that whoever
 * writes as it knows all that the member knew, and others prune by that. Under one name of two
 * members it could begin with what one of them had, and the other would never have taken.
 */
final class NextName {
    private NextName() {}

    /**
     * The nonce under which a member lets the device in.
     *
     * @param asked the nonce that the device asks with
     */
    static Bytes nonce(Bytes asked, ActorId member) {
        byte[] both = new byte[ActorId.NONCE_SIZE + ActorId.SIZE];
        asked.copyTo(both, 0);
        member.bytes().copyTo(both, ActorId.NONCE_SIZE);
        return Tally.hash(Bytes.adopt(both)).slice(0, ActorId.NONCE_SIZE);
    }

    /**
     * As which the device was let in by whomever: rather as one that nobody has excluded, or else
     * as one that is not closed. A member that knows of a name knows all that the name vouches for,
     * and needs no other.
     */
    static Optional<ActorId> in(VaultState vault, DeviceId device, Bytes asked) {
        return Stream.concat(vault.actors().keySet().stream(), vault.closed().keySet().stream())
                .map(member -> ActorId.of(device, vault.id(), nonce(asked, member)))
                .filter(vault::hasEnrolled)
                .min(
                        Comparator.comparing((ActorId name) -> !vault.inGoodStanding(name))
                                .thenComparing(vault.closed()::containsKey)
                                .thenComparing(Comparator.naturalOrder()));
    }
}

package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.BatchId;
import dev.loam.core.ClosedActor;
import dev.loam.core.DeviceId;
import dev.loam.core.Receiver;
import dev.loam.core.Tip;
import dev.loam.core.VaultState;
import java.util.Optional;

/**
 * A device that has written nothing in a vault in which there is nobody but it and one other. The
 * other's stamps are ahead of nobody's, so there is no reason to wait for a clock; and its
 * enrolment may be among what is ahead, without which it could not be of any help.
 */
final class Newcomer {
    /** Later than any stamp. */
    private static final long WHENEVER = Long.MAX_VALUE >> 1;

    private final DeviceId self;

    Newcomer(DeviceId self) {
        this.self = self;
    }

    /**
     * Who judges a batch.
     *
     * @param vault to which it would be applied
     */
    Receiver receiver(Receiver usual, VaultState vault, BatchId batch) {
        return isNewTo(vault, batch.actor())
                ? new Receiver(usual.self(), usual.history(), usual.named(), WHENEVER)
                : usual;
    }

    private boolean isNewTo(VaultState vault, ActorId author) {
        Optional<DeviceId> other = vault.actor(author).map(ActorState::device);
        return vault.actors().values().stream().allMatch(each -> isOneOfTwo(each, other))
                && vault.closed().values().stream()
                        .map(ClosedActor::device)
                        .allMatch(each -> other.filter(each::equals).isPresent());
    }

    private boolean isOneOfTwo(ActorState each, Optional<DeviceId> other) {
        return each.device().equals(self)
                ? each.tip().equals(Tip.NONE)
                : other.filter(each.device()::equals).isPresent();
    }
}

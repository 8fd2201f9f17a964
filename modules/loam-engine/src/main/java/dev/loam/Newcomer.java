package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.BatchId;
import dev.loam.core.DeviceId;
import dev.loam.core.Receiver;
import dev.loam.core.Tip;
import dev.loam.core.VaultState;
import dev.loam.core.VersionVector;
import java.util.Optional;

/**
 * A device that has written nothing in a vault: there are no writes of its own that a stamp which
 * is ahead could beat. It takes what another author than its own has taken, also of whose standing
 * it knows nothing yet, as that may be among what is ahead. Where nobody is in but it and one other
 * it takes all: the other's stamps are ahead of nobody's who would write there any more.
 */
final class Newcomer {
    /** Later than any stamp. */
    private static final long WHENEVER = Long.MAX_VALUE >> 1;

    private final DeviceId self;
    private final VersionVector named;

    /**
     * @param named by the batches that came, or that wait, of whomever
     */
    Newcomer(DeviceId self, VersionVector named) {
        this.self = self;
        this.named = named;
    }

    /** Whether this device has written nothing in the vault. */
    static boolean isOne(DeviceId self, VaultState vault) {
        return vault.actors().values().stream()
                        .filter(each -> each.device().equals(self))
                        .allMatch(each -> each.tip().equals(Tip.NONE))
                && vault.closed().values().stream().noneMatch(each -> each.device().equals(self));
    }

    /**
     * Who judges a batch.
     *
     * @param vault to which it would be applied
     */
    Receiver receiver(Receiver usual, VaultState vault, BatchId batch) {
        boolean isNamed = named.get(batch.actor()).sequence() >= batch.sequence();
        return isOne(self, vault) && (isNamed || isAloneWith(vault, batch.actor()))
                ? new Receiver(usual.self(), usual.history(), usual.named(), WHENEVER)
                : usual;
    }

    private boolean isAloneWith(VaultState vault, ActorId author) {
        Optional<DeviceId> other = vault.actor(author).map(ActorState::device);
        return vault.actors().values().stream()
                .filter(each -> !each.isExcluded())
                .map(ActorState::device)
                .allMatch(each -> each.equals(self) || other.filter(each::equals).isPresent());
    }
}

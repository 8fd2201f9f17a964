package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.DeviceId;
import dev.loam.core.VaultId;
import java.time.Instant;

/**
 * A batch that a peer has and this store may not take yet. Nothing is wrong with it, and the peer
 * keeps it: it comes again with a later sync.
 *
 * @param actor its author, and {@code sequence} its number among the author's
 * @param reason what it waits for: {@code CLOCK}, until this device's clock is near its stamp;
 *     {@code GAP}, an earlier batch of its author; {@code DEPS}, what its author had seen; {@code
 *     UNSEALED}, a later batch under the same seal of its author; {@code HISTORY}, a snapshot,
 *     without which this store cannot check it
 * @param stamped when it was written, by its author's clock
 */
public record Parked(
        DeviceId peer,
        VaultId vault,
        ActorId actor,
        long sequence,
        String reason,
        Instant stamped) {
    static final String UNSEALED = "UNSEALED";

    boolean isUnsealed() {
        return reason.equals(UNSEALED);
    }
}

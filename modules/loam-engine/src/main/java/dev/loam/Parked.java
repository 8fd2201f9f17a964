package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.BatchId;
import dev.loam.core.DeviceId;
import dev.loam.core.Gate;
import dev.loam.core.VaultId;
import dev.loam.core.Verdict;
import java.time.Instant;
import java.util.Optional;

/**
 * A batch that a peer has and this store may not take yet. Nothing is wrong with it. As far as
 * there is room it waits here, until the store is closed, and is taken as soon as it may be; the
 * peer keeps it as well, and it comes again with a later sync.
 *
 * @param actor its author, and {@code sequence} its number among the author's
 * @param reason what it waits for: {@code CLOCK}, until this device's clock is near its stamp;
 *     {@code GAP}, an earlier batch of its author; {@code DEPS}, what its author had seen; {@code
 *     EXCLUDED}, a batch of a member that builds on it, as its author is shut out; {@code
 *     UNSEALED}, a later batch under the same seal of its author; {@code HISTORY}, a snapshot,
 *     without which this store cannot check it
 * @param stamped when it was written, by its author's clock
 * @param missing the first batch without which it cannot be taken, for {@code GAP} and {@code DEPS}
 */
public record Parked(
        DeviceId peer,
        VaultId vault,
        ActorId actor,
        long sequence,
        String reason,
        Instant stamped,
        Optional<BatchId> missing) {
    static final String UNSEALED = "UNSEALED";

    boolean isUnsealed() {
        return reason.equals(UNSEALED);
    }

    boolean waitsForClock() {
        return waitsFor(Verdict.ParkReason.CLOCK);
    }

    boolean waitsFor(Verdict.ParkReason what) {
        return reason.equals(what.name());
    }

    /** From when on this device's clock lets it pass; empty unless it waits for that. */
    public Optional<Instant> passesAt() {
        return waitsForClock()
                ? Optional.of(stamped.minusMillis(Gate.CLOCK_AHEAD_MILLIS_MAX))
                : Optional.empty();
    }
}

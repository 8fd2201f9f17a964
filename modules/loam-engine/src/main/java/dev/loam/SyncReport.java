package dev.loam;

import dev.loam.core.DeviceId;
import dev.loam.sync.EndReason;
import dev.loam.sync.Retry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a sync session went.
 *
 * @param reason why it ended; {@code DONE} if both sides now have the same operations
 * @param vaults that took part
 * @param sentBatches batches the peer acknowledged as durable
 * @param receivedBatches batches made durable here
 * @param toSend what this side announced
 * @param toReceive what the peer announced
 * @param diverged keys of memories in which the two stores differ though they have the same
 *     operations; only with {@code DIVERGED}, and not all if there are many
 * @param waitingBatches that came, to either side, and may not be applied there yet; they come
 *     again with the next session
 * @param clockAhead by how much the latest stamp among those is ahead of its receiver's clock; zero
 *     if none waits for a clock
 * @param digest of this store afterwards, in hexadecimal
 */
public record SyncReport(
        DeviceId peer,
        String reason,
        int vaults,
        long sentBatches,
        long receivedBatches,
        long sentBytes,
        long receivedBytes,
        SyncAmount toSend,
        SyncAmount toReceive,
        List<String> diverged,
        long waitingBatches,
        Duration clockAhead,
        String digest) {
    public SyncReport {
        diverged = List.copyOf(diverged);
    }

    public boolean isDone() {
        return reason.equals("DONE");
    }

    /**
     * When to sync with this peer again. An orderly end calls for that as soon as this store
     * changes, and at the latest then.
     *
     * @param failures sessions with this peer in a row that were not orderly, this one included
     * @param jitter drawn anew, from 0 to below 1
     * @return empty where a new session would end in the same way until a person has done something
     */
    public Optional<Duration> retryAfter(int failures, double jitter) {
        return switch (Retry.after(EndReason.valueOf(reason), Math.max(1, failures), jitter)) {
            case Retry.OnNews() -> Optional.of(Retry.BACKOFF_MAX);
            case Retry.After(var delay) -> Optional.of(delay);
            case Retry.AfterPerson(), Retry.Never() -> Optional.empty();
        };
    }

    /**
     * When to try again where no session came about.
     *
     * @param failures in a row, this one included, from 1
     * @param jitter drawn anew, from 0 to below 1
     */
    public static Duration backoff(int failures, double jitter) {
        return Retry.backoff(failures, jitter);
    }

    /** Whether the session ended as one of the two sides wanted. */
    public boolean isOrderly() {
        return Retry.after(EndReason.valueOf(reason), 1, 0) instanceof Retry.OnNews;
    }
}

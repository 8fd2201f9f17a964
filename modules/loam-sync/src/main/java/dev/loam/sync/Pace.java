package dev.loam.sync;

import java.time.Duration;
import java.time.Instant;

/**
 * When things last happened.
 *
 * @param movedAt the peer, or an answer to this side's own question, brought the session on
 * @param heardAt any frame came
 * @param sentAt any frame was sent
 * @param pausedUntil the peer announced to send nothing that it owes before
 */
record Pace(Instant movedAt, Instant heardAt, Instant sentAt, Instant pausedUntil) {
    static final Pace NONE = new Pace(Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH);

    static Pace startedAt(Instant now) {
        return new Pace(now, now, now, now);
    }

    Pace moved(Instant now) {
        return new Pace(now, heardAt, sentAt, pausedUntil);
    }

    Pace heard(Instant now) {
        return new Pace(movedAt, now, sentAt, pausedUntil);
    }

    Pace sent(Instant now) {
        return new Pace(movedAt, heardAt, now, pausedUntil);
    }

    Pace pausedUntil(Instant until) {
        return new Pace(movedAt, heardAt, sentAt, until);
    }

    /** Whether what the peer owes has been due for too long. */
    boolean isOverdue(Instant now) {
        Instant since = movedAt.isAfter(pausedUntil) ? movedAt : pausedUntil;
        return hasPassed(since, SyncSession.STALLED_AFTER, now);
    }

    /** Whether a peer that owes nothing has not even said that it is there. */
    boolean isSilent(Instant now) {
        return hasPassed(heardAt, SyncSession.STALLED_AFTER, now);
    }

    boolean isPingDue(Instant now) {
        return hasPassed(sentAt, SyncSession.PING_EVERY, now);
    }

    private static boolean hasPassed(Instant since, Duration time, Instant now) {
        return !now.isBefore(since.plus(time));
    }
}

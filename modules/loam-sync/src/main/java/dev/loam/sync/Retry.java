package dev.loam.sync;

import dev.loam.core.Invariant;
import java.time.Duration;

/** What a device does about a session that ended: a rule, by the reason and what came before. */
public sealed interface Retry {
    Duration BACKOFF_FIRST = Duration.ofSeconds(1);
    Duration BACKOFF_MAX = Duration.ofMinutes(5);

    /** For what passes by itself, but not soon. */
    Duration LATER = Duration.ofMinutes(10);

    /** When this store changes, or is asked to. */
    record OnNews() implements Retry {}

    /** After that time. */
    record After(Duration delay) implements Retry {}

    /** When a person has looked at the vault: it is not synced by itself until then. */
    record AfterPerson() implements Retry {}

    /** Not by itself: the same would happen again. */
    record Never() implements Retry {}

    /**
     * @param failures sessions with this peer that failed in a row, this one included, from 1;
     *     looked at only where the answer grows with them
     * @param jitter drawn anew for each session, from 0 to below 1: devices that lost each other at
     *     one moment must not come back at one
     */
    static Retry after(EndReason reason, int failures, double jitter) {
        return switch (reason) {
            case DONE, PAUSED, DEFERRED, SHUTDOWN -> new OnNews();
            // With REBASE_REQUIRED a side begins to want a snapshot; the next session brings it.
            case STALLED, CONNECTION, STORE_FAILED, REBASE_REQUIRED ->
                    new After(backoff(failures, jitter));
            case CLOCK_AHEAD, WITHHELD, EPOCH_MISSING -> new After(LATER);
            case FORK, DIVERGED, BELOW_HORIZON, BAD_CUT -> new AfterPerson();
            case REFUSED,
                    REVOKED,
                    NOT_A_MEMBER,
                    VERSION,
                    UPGRADE_REQUIRED,
                    BAD_SEAL,
                    LIMIT_EXCEEDED,
                    PROTOCOL ->
                    new Never();
        };
    }

    /** Doubles from one second to five minutes; of that, half is certain and half is drawn. */
    static Duration backoff(int failures, double jitter) {
        Invariant.check(failures >= 1, "Failure {0}", failures);
        Invariant.check(0 <= jitter && jitter < 1, "Jitter {0}", jitter);
        // From the tenth doubling on the bound holds anyway, and a shift must not overflow.
        long doubled = BACKOFF_FIRST.toMillis() << Math.min(failures - 1, 10);
        long bounded = Math.min(doubled, BACKOFF_MAX.toMillis());
        long half = bounded / 2;
        return Duration.ofMillis(half + (long) (half * jitter));
    }
}

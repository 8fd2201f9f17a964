package dev.loam;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When a live session tells its peer what the store has got: at once after a quiet time, and then
 * at most once in {@value #GATHER_MILLIS} ms, so that what is written meanwhile goes out together,
 * under one seal. The store's writer says that something changed, the session's thread the rest;
 * times are milliseconds of one clock that never steps back.
 */
final class NewsGathering {
    static final long GATHER_MILLIS = 10;

    private static final long UNCHANGED = Long.MIN_VALUE;

    /** When the store changed after what the peer was last told. */
    private final AtomicLong changedAtMillis = new AtomicLong(UNCHANGED);

    /** Before it nothing is told; the session's thread alone. */
    private long quietUntilMillis = UNCHANGED;

    /** Any thread. Whether this is the first change since the last {@link #telling}. */
    boolean changed(long nowMillis) {
        return changedAtMillis.compareAndSet(UNCHANGED, nowMillis);
    }

    /** When the peer is to be told; empty if it knows everything. */
    OptionalLong dueMillis() {
        long changedAt = changedAtMillis.get();
        return changedAt == UNCHANGED
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(changedAt, quietUntilMillis));
    }

    /** To be called before the store is looked at: what changes from now on is news again. */
    void telling(long nowMillis) {
        quietUntilMillis = nowMillis + GATHER_MILLIS;
        changedAtMillis.set(UNCHANGED);
    }
}

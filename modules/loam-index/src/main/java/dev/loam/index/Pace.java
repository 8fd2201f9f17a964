package dev.loam.index;

import java.util.concurrent.TimeUnit;

/**
 * How many records, and how long, the follower lets gather before it carries them. Larger portions
 * cost less each, so both grow while the records come faster than the portions go.
 *
 * @param records that are carried at once
 * @param nanos after which fewer are carried too
 */
record Pace(int records, long nanos) {
    static final int RECORDS_MIN = 256;
    static final int RECORDS_MAX = 4_096;
    private static final long NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

    static final Pace CALM = new Pace(RECORDS_MIN, NANOS_MIN);

    /** While the index is being built and nobody searches it. */
    static final Pace LOADING = new Pace(16_384, TimeUnit.SECONDS.toNanos(10));

    /** The pace after a portion of {@code carried} records. */
    Pace after(int carried) {
        return carried >= records
                ? new Pace(Math.min(RECORDS_MAX, 2 * records), Math.min(NANOS_MAX, 2 * nanos))
                : new Pace(Math.max(RECORDS_MIN, records / 2), Math.max(NANOS_MIN, nanos / 2));
    }
}

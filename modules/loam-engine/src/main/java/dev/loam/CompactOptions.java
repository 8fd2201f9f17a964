package dev.loam;

import java.time.Duration;

/**
 * What a compaction does. Immutable.
 *
 * @param keep the history that stays readable
 * @param sealActive whether the segment that is being written is sealed first, so that it takes
 *     part
 * @param dryRun whether it only measures: all is written and verified, then deleted again
 */
public record CompactOptions(KeepHistory keep, boolean sealActive, boolean dryRun) {
    private static final Duration NORMAL_AGE = Duration.ofDays(30);

    /** Keeps 30 days of history and leaves the active segment alone. */
    public static CompactOptions normal() {
        return new CompactOptions(new KeepHistory.Age(NORMAL_AGE), false, false);
    }

    /** Keeps no history and takes the active segment too. */
    public static CompactOptions aggressive() {
        return new CompactOptions(new KeepHistory.Age(Duration.ZERO), true, false);
    }

    /** Keeps all history and takes the active segment too: what is sealed comes under new keys. */
    public static CompactOptions resealing() {
        return new CompactOptions(new KeepHistory.All(), true, false);
    }

    public CompactOptions keep(KeepHistory chosen) {
        return new CompactOptions(chosen, sealActive, dryRun);
    }

    public CompactOptions dryRun(boolean chosen) {
        return new CompactOptions(keep, sealActive, chosen);
    }
}

package dev.loam.sync;

import dev.loam.core.Invariant;
import java.time.Duration;

/**
 * A bound on bandwidth: tokens for bytes come in at a steady rate, and at most a second's worth is
 * kept. What is taken may overdraw it, as a batch is not divided; then it is empty for longer.
 * Immutable, and without a clock: times are handed in.
 *
 * @param bytesPerSecond from 1
 * @param tokens below 0 when overdrawn
 * @param atMillis when {@code tokens} were counted, on a clock that never steps back
 */
public record TokenBucket(long bytesPerSecond, double tokens, long atMillis) {
    private static final double MILLIS = 1_000;

    public TokenBucket {
        Invariant.check(bytesPerSecond > 0, "A rate of {0} bytes", bytesPerSecond);
    }

    public static TokenBucket full(long bytesPerSecond, long nowMillis) {
        return new TokenBucket(bytesPerSecond, (double) bytesPerSecond, nowMillis);
    }

    /** How long nothing may be taken yet; zero while it is not overdrawn. */
    public Duration delay(long nowMillis) {
        double owed = -at(nowMillis);
        return owed <= 0
                ? Duration.ZERO
                : Duration.ofMillis((long) Math.ceil(owed * MILLIS / (double) bytesPerSecond));
    }

    public TokenBucket take(long bytes, long nowMillis) {
        return new TokenBucket(bytesPerSecond, at(nowMillis) - (double) bytes, nowMillis);
    }

    private double at(long nowMillis) {
        double earned = (double) (nowMillis - atMillis) * ((double) bytesPerSecond / MILLIS);
        return Math.min((double) bytesPerSecond, tokens + earned);
    }
}

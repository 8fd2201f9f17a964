package dev.loam;

import dev.loam.core.Bytes;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.function.LongSupplier;

/** The only door to the wall clock and to randomness. */
final class Environment {
    private final InstantSource clock;
    private final SecureRandom random;
    private final LongSupplier nanos;
    private final LongSupplier backgroundNanos;

    Environment(InstantSource clock) {
        this(clock, new SecureRandom(), System::nanoTime, System::nanoTime);
    }

    /**
     * @param nanos since some fixed moment; never steps back
     * @param backgroundNanos the same for what threads of the store's own do by time; stands still
     *     where they are to do nothing of that kind
     */
    Environment(
            InstantSource clock,
            SecureRandom random,
            LongSupplier nanos,
            LongSupplier backgroundNanos) {
        this.clock = clock;
        this.random = random;
        this.nanos = nanos;
        this.backgroundNanos = backgroundNanos;
    }

    Instant now() {
        return clock.instant();
    }

    /** Milliseconds since some fixed moment; never steps back. */
    long elapsedMillis() {
        return nanos.getAsLong() / 1_000_000;
    }

    /** The same for a thread of the store's own. */
    long backgroundMillis() {
        return backgroundNanos.getAsLong() / 1_000_000;
    }

    SecureRandom random() {
        return random;
    }

    Bytes randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return Bytes.adopt(bytes);
    }

    /**
     * A new key: 12 hexadecimal digits of milliseconds and 64 random bits, so keys sort by time.
     */
    String newKey(Instant at) {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(Math.max(0, at.toEpochMilli()), 12)
                + "-"
                + hex.toHexDigits(random.nextLong());
    }
}

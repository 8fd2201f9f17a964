package dev.loam.sim;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** A device's wall clock: the world's time, and an error that may jump. */
public final class SimulatedClock implements InstantSource {
    private final LongSupplier worldMillis;

    /** Read by the store's writer. */
    private volatile long errorMillis;

    SimulatedClock(LongSupplier worldMillis) {
        this.worldMillis = worldMillis;
    }

    void setErrorMillis(long millis) {
        errorMillis = millis;
    }

    /** Since some fixed moment; no error changes it. */
    public long elapsedNanos() {
        return worldMillis.getAsLong() * 1_000_000;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(worldMillis.getAsLong() + errorMillis);
    }
}

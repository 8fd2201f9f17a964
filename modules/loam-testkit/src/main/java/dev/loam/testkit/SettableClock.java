package dev.loam.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A wall clock that stands still until it is moved, back too. Any thread. */
public final class SettableClock implements InstantSource {
    private final AtomicReference<Instant> now;

    private SettableClock(Instant now) {
        this.now = new AtomicReference<>(now);
    }

    public static SettableClock at(Instant now) {
        return new SettableClock(now);
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    public void set(Instant moment) {
        now.set(moment);
    }

    /**
     * Moves the clock on.
     *
     * @param by negative to move it back
     */
    public void advance(Duration by) {
        now.updateAndGet(moment -> moment.plus(by));
    }
}

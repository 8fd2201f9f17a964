package dev.loam.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A wall clock that stands still until it is moved, back too. Any thread. */
public final class SettableClock implements InstantSource {
    private volatile Instant now;

    private SettableClock(Instant now) {
        this.now = now;
    }

    public static SettableClock at(Instant now) {
        return new SettableClock(now);
    }

    @Override
    public Instant instant() {
        return now;
    }

    public synchronized void set(Instant moment) {
        now = moment;
    }

    /**
     * Moves the clock on.
     *
     * @param by negative to move it back
     */
    public synchronized void advance(Duration by) {
        now = now.plus(by);
    }
}

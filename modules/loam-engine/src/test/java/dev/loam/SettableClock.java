package dev.loam;

import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is moved. */
final class SettableClock implements InstantSource {
    private volatile long millis;

    SettableClock(long millis) {
        this.millis = millis;
    }

    Instant advance(long byMillis) {
        millis += byMillis;
        return instant();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis);
    }
}

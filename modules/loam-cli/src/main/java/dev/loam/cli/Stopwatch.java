package dev.loam.cli;

import java.time.Duration;

/** Measures how long something takes. The only reader of the clock in this package. */
final class Stopwatch {
    private final long startNanos = System.nanoTime();

    static Stopwatch started() {
        return new Stopwatch();
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    double seconds() {
        return elapsed().toNanos() / 1e9;
    }
}

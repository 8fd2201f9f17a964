package dev.loam;

import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/**
 * Keeps whoever guesses secrets through this process waiting: {@value #FREE} wrong ones in a row
 * cost nothing but their derivation, each try after that waits, 0.25 s at first, twice as long each
 * time, 30 s at most. The right one clears it. Any thread; each waits for the time that holds when
 * it comes.
 *
 * <p>Nothing of it is kept on the disk. Who can start processes can read the file {@code keys} as
 * well, and guess without Loam; what they meet there is the cost of a derivation. A count on the
 * disk would be theirs to delete, would make a store that is only read want writing, and would let
 * any program that has the wrong key keep its owner waiting.
 */
final class UnlockThrottle {
    static final int FREE = 5;
    static final long FIRST_MILLIS = 250;
    static final long LAST_MILLIS = 30_000;

    private final Environment environment;
    private final LongConsumer waiting;

    /** Guards the two below; never held while waiting. */
    private final ReentrantLock lock = new ReentrantLock();

    private int failures;
    private long freeAtMillis;

    UnlockThrottle(Environment environment) {
        this(environment, millis -> LockSupport.parkNanos(millis * 1_000_000));
    }

    /**
     * @param waiting lets so many milliseconds pass, or fewer
     */
    UnlockThrottle(Environment environment, LongConsumer waiting) {
        this.environment = environment;
        this.waiting = waiting;
    }

    /** Returns when the next try may be made. An interrupt does not shorten it, and is kept. */
    void await() {
        boolean interrupted = false;
        for (long rest = restMillis(); rest > 0; rest = restMillis()) {
            waiting.accept(rest);
            // A thread that is interrupted does not park.
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** How long the next try has to wait, in milliseconds. */
    long restMillis() {
        lock.lock();
        try {
            return failures < FREE ? 0 : freeAtMillis - environment.elapsedMillis();
        } finally {
            lock.unlock();
        }
    }

    /** A try was made with a wrong secret. */
    void failed() {
        lock.lock();
        try {
            failures++;
            if (failures >= FREE) {
                int doublings = Math.min(failures - FREE, Long.SIZE / 2);
                freeAtMillis =
                        environment.elapsedMillis()
                                + Math.min(LAST_MILLIS, FIRST_MILLIS << doublings);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A try was made with the right one. */
    void succeeded() {
        lock.lock();
        try {
            failures = 0;
        } finally {
            lock.unlock();
        }
    }
}

package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets a {@link Housekeeper} do what is due once a second. Platform thread, ended by message. */
final class HousekeepingThread {
    private static final long ROUND_MILLIS = 1_000;

    private final Housekeeper housekeeper;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;

    HousekeepingThread(Housekeeper housekeeper) {
        this.housekeeper = housekeeper;
        this.thread = Thread.ofPlatform().daemon().name("loam-housekeeper").unstarted(this::work);
    }

    void start() {
        thread.start();
    }

    /** Returns when the round at hand is over. */
    void stop() {
        stopping.countDown();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException wanted) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        try {
            while (!stopping.await(ROUND_MILLIS, TimeUnit.MILLISECONDS)) {
                if (!round()) {
                    return;
                }
            }
        } catch (InterruptedException nobodyShould) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether there may be another: what failed now may succeed then, unless the store is done. */
    private boolean round() {
        try {
            housekeeper.run();
            return true;
        } catch (LoamException failed) {
            return failed.code().retry() == ErrorCode.Retry.WITH_BACKOFF;
        }
    }
}

package dev.loam.cli;

import java.util.concurrent.CountDownLatch;

/** Waits for Ctrl-C or SIGTERM, and keeps the process until its store is closed. */
final class UntilInterrupted {
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);

    private UntilInterrupted() {}

    static UntilInterrupted start() {
        UntilInterrupted end = new UntilInterrupted();
        // The JVM ends as soon as its hooks have: this one waits until the store is closed.
        Thread hook =
                Thread.ofPlatform()
                        .unstarted(
                                () -> {
                                    end.interrupted.countDown();
                                    await(end.finished);
                                });
        Runtime.getRuntime().addShutdownHook(hook);
        return end;
    }

    void await() {
        await(interrupted);
    }

    /** The process may end. */
    void finished() {
        finished.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}

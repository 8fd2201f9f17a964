package dev.loam.server;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Closes a socket unless it is closed itself in time, whatever the other side sends meanwhile: a
 * socket's own timeout starts anew with each byte. Where both happen at once the socket may be
 * closed although the step was done; its next use then fails like that of any broken connection.
 */
final class Deadline implements AutoCloseable {
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean passed;

    private Deadline() {}

    static Deadline start(long millis, Socket socket) {
        Deadline deadline = new Deadline();
        Thread.ofVirtual().name("loam-deadline").start(() -> deadline.guard(millis, socket));
        return deadline;
    }

    /**
     * Does {@code step}, which uses {@code socket}.
     *
     * @throws LoamException {@code TIMEOUT} if it failed after that time
     */
    static <T> T within(long millis, Socket socket, Supplier<T> step) {
        try (Deadline deadline = start(millis, socket)) {
            try {
                return step.get();
            } catch (LoamException failed) {
                if (!deadline.passed) {
                    throw failed;
                }
                throw new LoamException(
                        ErrorCode.TIMEOUT,
                        "the other side did not do its part within "
                                + millis
                                + " ms; check that Loam runs there and try again",
                        failed);
            }
        }
    }

    private void guard(long millis, Socket socket) {
        try {
            if (!done.await(millis, TimeUnit.MILLISECONDS)) {
                passed = true;
                socket.close();
            }
        } catch (InterruptedException | IOException ended) {
            // Nobody interrupts this thread, and a socket that fails to close is closed.
        }
    }

    @Override
    public void close() {
        done.countDown();
    }
}

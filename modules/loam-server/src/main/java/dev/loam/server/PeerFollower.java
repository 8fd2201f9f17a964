package dev.loam.server;

import dev.loam.Loam;
import dev.loam.PauseSignal;
import dev.loam.Peer;
import dev.loam.SyncOptions;
import dev.loam.SyncReport;
import dev.loam.core.LoamException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a live session with each of some peers: connects, and connects again when a session ended,
 * as soon as the reason for that allows. A peer that cannot be reached holds up no other.
 */
public final class PeerFollower implements AutoCloseable {
    private static final long CLOSE_MILLIS = 10_000;

    private final Loam loam;
    private final SyncOptions options;
    private final PeerListener listener;
    private final PauseSignal pause;
    private final SecureRandom random = new SecureRandom();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("loam-follow-", 0).factory());

    private PeerFollower(Loam loam, SyncOptions options, PeerListener listener) {
        this.loam = loam;
        this.pause = options.pause();
        this.options = options;
        this.listener = listener;
    }

    /**
     * Follows each of {@code peers} until closed. Close the follower before the store.
     *
     * @param options of each session; their pause signal ends all of them
     * @param listener told of each session's end, and as {@code refused} of each attempt that got
     *     no session
     */
    public static PeerFollower start(
            Loam loam, List<Peer> peers, SyncOptions options, PeerListener listener) {
        PeerFollower follower = new PeerFollower(loam, options, listener);
        peers.forEach(peer -> follower.threads.execute(() -> follower.follow(peer)));
        return follower;
    }

    private void follow(Peer peer) {
        int failures = 0;
        Optional<Duration> delay = Optional.of(Duration.ZERO);
        while (delay.isPresent() && !isClosedWithin(delay.get())) {
            try {
                SyncReport report = PeerClient.sync(loam, peer, options);
                failures = report.isOrderly() ? 0 : failures + 1;
                delay = report.retryAfter(failures, random.nextDouble());
                listener.synced(report);
            } catch (LoamException failed) {
                failures++;
                delay = Optional.of(SyncReport.backoff(failures, random.nextDouble()));
                String why = Objects.requireNonNullElse(failed.getMessage(), "");
                listener.refused(String.join(" ", peer.addresses()), failed.code(), why);
            }
        }
    }

    private boolean isClosedWithin(Duration delay) {
        try {
            return closing.await(delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Pauses every session, and waits up to ten seconds for that. Idempotent. */
    @Override
    public void close() {
        closing.countDown();
        pause.pause();
        threads.shutdown();
        try {
            boolean _ = threads.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}

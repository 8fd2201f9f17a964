package dev.loam;

import static dev.loam.TestStores.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.log.OpLog;
import dev.loam.sync.SyncInput;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions with a bound on what is sent, on a clock that goes on only while both sides wait. */
class LimitedSyncTest {
    private static final int RECORDS = 100;
    private static final int RECORD_BYTES = 1_000;
    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

    @TempDir Path directory;
    private final AtomicLong nanos = new AtomicLong();

    @BeforeEach
    void pairAndFill() {
        try (Loam full = open(directory.resolve("full"));
                Loam empty = open(directory.resolve("empty"))) {
            PairedStores.pair(full, empty);
            for (int i = 0; i < RECORDS; i++) {
                full.vault("main").put(Memory.of("x".repeat(RECORD_BYTES)).key("k" + i));
            }
        }
    }

    @Test
    void whatIsSentKeepsToTheRateAfterTheFirstSecond() {
        long rate = 10_000;

        SyncReport report = sync(SyncOptions.once().bytesPerSecond(rate));

        assertThat(report.reason()).isEqualTo("DONE");
        long bytes = report.sentBytes();
        assertThat(bytes).isGreaterThan(RECORDS * RECORD_BYTES);
        // A bucket begins with what a second brings, and the last read may overdraw it.
        assertThat(nanos.get())
                .isBetween((bytes / rate - 3) * SECOND_NANOS, (bytes / rate + 3) * SECOND_NANOS);
    }

    @Test
    void aTenthOfTheRateTakesTenTimesAsLong() {
        SyncReport _ = sync(SyncOptions.once().bytesPerSecond(1_000));

        assertThat(nanos.get()).isGreaterThan(90 * SECOND_NANOS);
    }

    @Test
    void withoutABoundNobodyWaits() {
        SyncReport _ = sync(SyncOptions.once());

        assertThat(nanos.get()).isZero();
    }

    /** The report of the side that has everything and keeps to {@code options}. */
    private SyncReport sync(SyncOptions options) {
        try (Store full = store("full");
                Store empty = store("empty")) {
            Deque<Bytes> there = new ArrayDeque<>();
            Deque<Bytes> back = new ArrayDeque<>();
            SyncRun sender = run(full, empty.device(), options, there);
            SyncRun receiver = run(empty, full.device(), SyncOptions.once(), back);
            Optional<SyncReport> report = sender.begin();
            Optional<SyncReport> received = receiver.begin();
            while (report.isEmpty()) {
                if (!back.isEmpty()) {
                    report = sender.take(new SyncInput.FrameReceived(back.remove()));
                } else if (!there.isEmpty() && received.isEmpty()) {
                    received = receiver.take(new SyncInput.FrameReceived(there.remove()));
                } else if (received.isPresent()) {
                    report = sender.take(new SyncInput.LinkClosed());
                } else {
                    // Nothing is on its way: only time can bring the session on.
                    long millis = Math.max(1, sender.heldMillis().orElseThrow());
                    nanos.addAndGet(Duration.ofMillis(millis).toNanos());
                    report = sender.take(new SyncInput.Tick());
                }
            }
            return report.get();
        }
    }

    private static SyncRun run(
            Store store, DeviceId peer, SyncOptions options, Deque<Bytes> outgoing) {
        return new SyncRun(store, peer, options, new PeerVisit(store, peer), outgoing::add);
    }

    private Store store(String name) {
        Environment environment =
                new Environment(InstantSource.system(), new SecureRandom(), nanos::get, () -> 0L);
        return Store.open(
                directory.resolve(name),
                LoamOptions.unencrypted(),
                environment,
                (path, standard) -> OpLog.open(path, standard));
    }
}

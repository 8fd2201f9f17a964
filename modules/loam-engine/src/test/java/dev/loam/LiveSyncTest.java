package dev.loam;

import static dev.loam.TestStores.open;
import static dev.loam.TestStores.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.VaultId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that stay, and sessions on terms, between whole stores. */
@Timeout(60)
class LiveSyncTest {
    private static final int DEVICES = 3;

    @TempDir Path directory;
    private final List<Loam> devices = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final PauseSignal pause = new PauseSignal();
    private final List<Future<SyncReport>> sessions = new ArrayList<>();

    /** A note for each change of a store. */
    private final LinkedBlockingQueue<String> changes = new LinkedBlockingQueue<>();

    @BeforeEach
    void openAndPair() {
        for (int i = 0; i < DEVICES; i++) {
            devices.add(open(directory.resolve("device" + i)));
        }
        for (int i = 0; i < DEVICES; i++) {
            PairedStores.pair(devices.get(i), devices.get((i + 1) % DEVICES));
        }
    }

    @AfterEach
    void closeAll() {
        pause.pause();
        threads.close();
        devices.forEach(Loam::close);
    }

    private void connect(Loam one, Loam other) {
        PipedLink[] ends = PipedLink.between(one, other, Integer.MAX_VALUE);
        SyncOptions live =
                SyncOptions.live()
                        .pause(pause)
                        .progress((durable, bytes, total) -> changes.add("moved"));
        sessions.add(threads.submit(() -> one.sync(ends[0], live)));
        sessions.add(threads.submit(() -> other.sync(ends[1], live)));
    }

    /** Waits for all to have the same, told by the sessions' progress and by nothing else. */
    private void awaitAgreement(int memories) throws Exception {
        while (!agree(memories)) {
            // A lost wake-up would end in the test's time limit.
            String _ = changes.take();
        }
    }

    private boolean agree(int memories) {
        return devices.stream().map(Loam::digest).distinct().count() == 1
                && devices.stream().allMatch(each -> each.stats().records() == memories);
    }

    @Test
    void aRingOfDevicesForwardsEachOthersBatchesAsTheyAreWritten() throws Exception {
        devices.getFirst().vault("main").put(Memory.of("first").key("k0"));
        for (int i = 0; i < DEVICES; i++) {
            connect(devices.get(i), devices.get((i + 1) % DEVICES));
        }
        awaitAgreement(1);
        Random random = new Random(3);
        for (int i = 1; i < 60; i++) {
            devices.get(random.nextInt(DEVICES))
                    .vault("main")
                    .put(Memory.of("memory " + i).key("k" + i));
        }
        awaitAgreement(60);

        pause.pause();
        for (Future<SyncReport> session : sessions) {
            assertThat(session.get().reason()).isEqualTo("PAUSED");
        }
        for (Loam each : devices) {
            assertThat(each.verify(Progress.NONE).damage()).isEmpty();
        }
    }

    @Test
    void aChainOfDevicesForwardsBothWays() throws Exception {
        devices.getFirst().vault("main").put(Memory.of("first").key("k0"));
        connect(devices.get(0), devices.get(1));
        connect(devices.get(1), devices.get(2));
        awaitAgreement(1);

        devices.get(2).vault("main").put(Memory.of("from the end").key("k1"));
        awaitAgreement(2);

        assertThat(text(devices.getFirst().vault("main"), "k1")).contains("from the end");
    }

    @Test
    void thePlanIsExactBeforeAndAfterARestart() throws Exception {
        Loam laptop = devices.get(0);
        Loam phone = devices.get(1);
        for (int i = 0; i < 30; i++) {
            laptop.vault("main").put(Memory.of("memory " + i).key("k" + i).tag("t"));
        }
        SyncReport first = PairedStores.sync(laptop, phone);
        assertThat(first.toSend().batches()).isEqualTo(first.sentBatches()).isPositive();
        for (int i = 0; i < 10; i++) {
            laptop.vault("main").put(Memory.of("memory").key("k" + i));
        }
        laptop.close();
        devices.set(0, open(directory.resolve("device0")));

        List<SyncAmount> totals = new ArrayList<>();
        List<Long> moved = new ArrayList<>();
        PipedLink[] ends = PipedLink.between(devices.get(0), phone, Integer.MAX_VALUE);
        Future<SyncReport> there = threads.submit(() -> phone.sync(ends[1], Progress.NONE));
        SyncReport second =
                devices.get(0)
                        .sync(
                                ends[0],
                                SyncOptions.once()
                                        .progress(
                                                (durable, bytes, total) -> {
                                                    totals.add(total);
                                                    moved.add(bytes);
                                                }));

        assertThat(second.isDone()).isTrue();
        assertThat(there.get().toReceive()).isEqualTo(second.toSend());
        assertThat(totals).containsOnly(second.toSend());
        assertThat(moved.getFirst()).isZero();
        assertThat(moved.getLast()).isEqualTo(second.toSend().bytes());
        assertThat(second.toSend().batches()).isEqualTo(10);
        assertThat(second.toSend().operations()).isGreaterThanOrEqualTo(10);
    }

    @Test
    void onlyChosenVaultsAreExchangedAndThePeerIsLetIntoNoOther() throws Exception {
        Loam laptop = devices.get(0);
        Loam phone = devices.get(1);
        laptop.vault("work").put(Memory.of("a").key("a"));
        laptop.vault("home").put(Memory.of("b").key("b"));
        VaultId work =
                laptop.vaults().stream()
                        .filter(vault -> vault.name().equals("work"))
                        .findFirst()
                        .orElseThrow()
                        .id();

        PipedLink[] ends = PipedLink.between(laptop, phone, Integer.MAX_VALUE);
        Future<SyncReport> there = threads.submit(() -> phone.sync(ends[1], Progress.NONE));
        SyncReport report = laptop.sync(ends[0], SyncOptions.once().only(Set.of(work)));

        assertThat(report.isDone()).isTrue();
        there.get();
        assertThat(phone.vaults()).extracting(VaultInfo::name).containsExactly("work");
    }

    @Test
    void aBudgetThatIsTooSmallDefersAndLeavesTheStoreAsItWas() throws Exception {
        Loam laptop = devices.get(0);
        Loam phone = devices.get(1);
        laptop.vault("main").put(Memory.of("x".repeat(5_000)).key("a"));
        String before = phone.digest();

        PipedLink[] ends = PipedLink.between(laptop, phone, Integer.MAX_VALUE);
        Future<SyncReport> there =
                threads.submit(() -> phone.sync(ends[1], SyncOptions.once().bytesMax(100)));

        assertThat(laptop.sync(ends[0], Progress.NONE).reason()).isEqualTo("DEFERRED");
        assertThat(there.get().reason()).isEqualTo("DEFERRED");
        assertThat(phone.digest()).isEqualTo(before);
        assertThat(PairedStores.sync(laptop, phone).isDone()).isTrue();
    }

    /** Takes what it is given until {@code framesMax}, and then takes nothing until closed. */
    private record Clogged(PeerLink link, CountDownLatch closed, LinkedBlockingQueue<Bytes> room)
            implements PeerLink {
        @Override
        public DeviceId peer() {
            return link.peer();
        }

        @Override
        public void send(Bytes frame) {
            if (room.poll() == null) {
                try {
                    closed.await();
                } catch (InterruptedException impossible) {
                    throw new AssertionError(impossible);
                }
            }
            link.send(frame);
        }

        @Override
        public Bytes receive() {
            return link.receive();
        }

        @Override
        public void close() {
            closed.countDown();
            link.close();
        }
    }

    @Test
    void aPeerThatDoesNotReadHoldsUpNobodyOnceTheSessionEnds() throws Exception {
        Loam laptop = devices.get(0);
        Loam phone = devices.get(1);
        PipedLink[] ends = PipedLink.between(laptop, phone, Integer.MAX_VALUE);
        PeerLink clogged = new Clogged(ends[0], new CountDownLatch(1), new LinkedBlockingQueue<>());
        Future<SyncReport> session = threads.submit(() -> laptop.sync(clogged, Progress.NONE));
        Future<SyncReport> paused =
                threads.submit(() -> laptop.sync(clogged, SyncOptions.live().pause(pause)));
        ends[1].close();
        pause.pause();

        assertThat(session.get().reason()).isEqualTo("CONNECTION");
        assertThat(paused.get().reason()).isIn("PAUSED", "CONNECTION");
    }
}

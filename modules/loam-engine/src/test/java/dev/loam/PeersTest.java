package dev.loam;

import static dev.loam.PairedStores.pair;
import static dev.loam.PairedStores.sync;
import static dev.loam.TestStores.assertCode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store keeps of its peers. */
class PeersTest {
    private static final long NOON = Instant.parse("2026-05-09T12:00:00Z").toEpochMilli();

    @TempDir Path directory;
    private final SettableClock clock = new SettableClock(NOON);
    private Loam desk;
    private Loam laptop;

    @BeforeEach
    void openAndPair() {
        desk = openDesk();
        laptop = openNamed("laptop");
        pair(desk, laptop);
    }

    @AfterEach
    void closeBoth() {
        laptop.close();
        desk.close();
    }

    private Loam openDesk() {
        return openNamed("desk");
    }

    private Loam openNamed(String device) {
        return Loam.open(directory.resolve(device), LoamOptions.unencrypted().clock(clock));
    }

    private void reopenDesk() {
        desk.close();
        desk = openDesk();
    }

    private PeerStatus status() {
        return desk.peerStatuses().getFirst();
    }

    private DeviceId laptopId() {
        return laptop.identity().id();
    }

    private void put(Loam loam, String key) {
        loam.vault("main").put(Memory.of("text of " + key).key(key));
    }

    @Test
    void aPeerThatWasNeverMetIsBehindByAll() {
        put(desk, "a");
        put(desk, "b");

        assertThat(status().lastSeen()).isEmpty();
        assertThat(status().lastResult()).isEmpty();
        assertThat(status().isConnected()).isFalse();
        assertThat(status().behind().batches()).as("the foundation and two").isEqualTo(3);
        assertThat(status().behind().operations()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void afterASessionThatIsDoneNobodyIsBehind() throws Exception {
        put(desk, "a");
        put(laptop, "b");

        sync(desk, laptop);

        assertThat(status().lastSeen()).contains(Instant.ofEpochMilli(NOON));
        assertThat(status().lastResult()).contains("DONE");
        assertThat(status().behind()).isEqualTo(Backlog.NONE);
        assertThat(laptop.peerStatuses().getFirst().behind()).isEqualTo(Backlog.NONE);
    }

    @Test
    void whatWasWrittenSinceIsWhatThePeerIsBehindBy() throws Exception {
        put(desk, "a");
        sync(desk, laptop);

        desk.vault("main").update("a", Update.none().set("f", "1").set("g", "2"));
        desk.vault("main").delete("a");

        Backlog behind = status().behind();
        assertThat(behind.batches()).isEqualTo(2);
        assertThat(behind.operations()).isEqualTo(3);
        assertThat(behind.bytes().orElseThrow()).isBetween(50L, 500L);
        sync(desk, laptop);
        assertThat(status().behind()).isEqualTo(Backlog.NONE);
    }

    @Test
    void aSessionThatBreaksLeavesWhatWasKnownAndSaysHowItEnded() throws Exception {
        put(desk, "a");
        sync(desk, laptop);
        put(desk, "b");
        clock.advance(5_000);

        PipedLink[] ends = PipedLink.between(desk, laptop, 0);
        SyncReport report = desk.sync(ends[0], Progress.NONE);

        assertThat(status().lastResult()).contains(report.reason()).isNotEqualTo("DONE");
        assertThat(status().lastSeen()).contains(Instant.ofEpochMilli(NOON + 5_000));
        assertThat(status().behind().batches()).isEqualTo(1);
    }

    @Test
    void whatIsKnownOfAPeerOutlivesTheProcess() throws Exception {
        put(desk, "a");
        sync(desk, laptop);
        put(desk, "b");
        PeerStatus before = status();

        reopenDesk();

        assertThat(status()).isEqualTo(before);
    }

    @Test
    void aDamagedFileOfContactsCostsTheMemoryOfThemAndNoPeer() throws Exception {
        put(desk, "a");
        sync(desk, laptop);
        desk.close();
        flipAByte(directory.resolve("desk/contacts"));

        desk = openDesk();

        assertThat(status().lastSeen()).isEmpty();
        assertThat(desk.peer(laptopId())).isPresent();
        sync(desk, laptop);
        assertThat(status().lastResult()).contains("DONE");
    }

    private static void flipAByte(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[content.length / 2] ^= 1;
        Files.write(file, content);
    }

    @Test
    void aPeerHasTheNameItWasGivenAlsoAfterAReopen() {
        assertThat(desk.renamePeer(laptopId(), "the old one").name()).isEqualTo("the old one");

        reopenDesk();

        assertThat(desk.peer(laptopId()).map(Peer::name)).contains("the old one");
    }

    @Test
    void aNameThatIsNoneChangesNothing() {
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> desk.renamePeer(laptopId(), ""));
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> desk.renamePeer(laptopId(), "a\nb"));
        assertCode(ErrorCode.LIMIT_EXCEEDED, () -> desk.renamePeer(laptopId(), "n".repeat(257)));
        assertThat(desk.peer(laptopId()).map(Peer::name)).contains("test");
    }

    @Test
    void aRemovedPeerIsRefusedAndForgotten() throws Exception {
        put(desk, "a");
        sync(desk, laptop);

        desk.removePeer(laptopId());

        assertThat(desk.peers()).isEmpty();
        PipedLink[] ends = PipedLink.between(desk, laptop, Integer.MAX_VALUE);
        assertCode(ErrorCode.FORBIDDEN, () -> desk.sync(ends[0], Progress.NONE));
        reopenDesk();
        assertThat(desk.peers()).isEmpty();
        pair(desk, laptop);
        assertThat(status().lastSeen()).isEmpty();
    }

    @Test
    void nothingOfAPeerIsAppliedOnceItIsRemovedAmidASessionWhichEndsAsRevoked() throws Exception {
        put(desk, "a");
        sync(desk, laptop);
        for (int i = 0; i < 20; i++) {
            put(laptop, "k" + i);
        }
        String before = desk.digest();
        PipedLink[] ends = PipedLink.between(desk, laptop, Integer.MAX_VALUE);
        SyncProgress removing =
                (durable, bytes, total) -> {
                    if (!desk.peers().isEmpty()) {
                        desk.removePeer(laptopId());
                    }
                };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<SyncReport> there = threads.submit(() -> laptop.sync(ends[1], Progress.NONE));
            SyncReport here = desk.sync(ends[0], SyncOptions.once().progress(removing));

            assertThat(here.reason()).isEqualTo("REVOKED");
            assertThat(there.get().reason()).isEqualTo("REVOKED");
        }
        assertThat(desk.digest()).isEqualTo(before);
    }

    @Test
    void aLiveSessionThatIsIdleEndsAsRevokedWhenThePeerIsRemoved() throws Exception {
        put(desk, "a");
        CountDownLatch settled = new CountDownLatch(1);
        PipedLink[] ends = PipedLink.between(desk, laptop, Integer.MAX_VALUE);
        SyncProgress settling =
                (durable, bytes, total) -> {
                    if (durable == total.batches()) {
                        settled.countDown();
                    }
                };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<SyncReport> there =
                    threads.submit(() -> laptop.sync(ends[1], SyncOptions.live()));
            Future<SyncReport> here =
                    threads.submit(() -> desk.sync(ends[0], SyncOptions.live().progress(settling)));
            settled.await();

            desk.removePeer(laptopId());

            assertThat(here.get().reason()).isEqualTo("REVOKED");
            assertThat(there.get().reason()).isEqualTo("REVOKED");
        }
    }

    @Test
    void whoIsNoPeerIsNeitherRenamedNorRemoved() {
        DeviceId nobody = desk.identity().id();

        assertCode(ErrorCode.NOT_FOUND, () -> desk.renamePeer(nobody, "x"));
        assertCode(ErrorCode.NOT_FOUND, () -> desk.removePeer(nobody));
        assertThat(desk.peers()).hasSize(1);
    }

    @Test
    void aThirdDevicesBatchesThatThePeerSentCountAsItsOwn() throws Exception {
        try (Loam tablet = openNamed("tablet")) {
            put(desk, "a");
            sync(desk, laptop);
            pair(laptop, tablet);
            sync(laptop, tablet);
            put(tablet, "t");
            sync(laptop, tablet);

            sync(desk, laptop);

            assertThat(desk.vault("main").get("t")).isPresent();
            assertThat(status().behind()).isEqualTo(Backlog.NONE);
        }
    }
}

package dev.loam;

import static dev.loam.TestStores.assertCode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.Operation;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A device that was stolen. */
@Timeout(120)
class RevocationTest {
    private static final int THIEF = 2;

    @TempDir Path directory;
    private final Fleet fleet = new Fleet();

    @BeforeEach
    void threeDevicesShareAVault() throws Exception {
        fleet.begin(directory, 3);
    }

    @AfterEach
    void closeAll() {
        fleet.close();
    }

    private DeviceId thief() {
        return fleet.device(THIEF).identity().id();
    }

    private List<ErrorCode> syncFailures(int one, int other) throws InterruptedException {
        PipedLink[] ends =
                PipedLink.between(fleet.device(one), fleet.device(other), Integer.MAX_VALUE);
        return PairedStores.failures(
                () -> fleet.device(one).sync(ends[0], Progress.NONE),
                () -> fleet.device(other).sync(ends[1], Progress.NONE));
    }

    @Test
    void aRevokedDeviceIsRefusedAtOnceByWhoRevokedIt() throws Exception {
        assertThat(fleet.device(0).revoke(thief())).containsExactly("main");

        assertThat(fleet.device(0).isRevoked(thief())).isTrue();
        assertThat(fleet.device(0).peer(thief())).isEmpty();
        assertThat(syncFailures(0, THIEF)).contains(ErrorCode.REVOKED);
        Peer again = fleet.device(1).peer(thief()).orElseThrow();
        assertCode(ErrorCode.REVOKED, () -> fleet.device(0).addPeer(again));
    }

    @Test
    void theOthersRefuseItAsSoonAsTheyHear() throws Exception {
        fleet.device(0).revoke(thief());
        fleet.sync(0, 1);

        assertThat(fleet.device(1).isRevoked(thief())).isTrue();
        assertThat(syncFailures(1, THIEF)).contains(ErrorCode.REVOKED);
        fleet.device(1).tidy();
        assertThat(fleet.device(1).peer(thief())).isEmpty();
    }

    /** Whoever has what was written after a revocation has that too, and refuses. */
    @Test
    void whatIsWrittenAfterwardsItGetsFromNobody() throws Exception {
        fleet.put(0, "before", "for all");
        fleet.device(0).revoke(thief());
        fleet.put(0, "after", "for us");

        // Who has not heard gives what it has, which is from before.
        fleet.sync(1, THIEF);
        fleet.sync(0, 1);
        assertThat(syncFailures(0, THIEF)).contains(ErrorCode.REVOKED);
        assertThat(syncFailures(1, THIEF)).contains(ErrorCode.REVOKED);

        assertThat(TestStores.text(fleet.device(1).vault("main"), "after")).contains("for us");
        assertThat(fleet.device(THIEF).vault("main").get("after")).isEmpty();
    }

    @Test
    void nothingThatItWritesAfterwardsIsTaken() throws Exception {
        fleet.put(0, "k", "ours");
        fleet.device(0).revoke(thief());
        fleet.put(THIEF, "k", "theirs");
        fleet.sync(0, 1);

        assertThat(syncFailures(1, THIEF)).isNotEmpty();
        assertThat(TestStores.text(fleet.device(1).vault("main"), "k")).contains("ours");
    }

    @Test
    void nobodyWaitsForIt() throws Exception {
        ActorId gone = fleet.own(THIEF);
        fleet.device(0).revoke(thief());
        fleet.sync(0, 1);
        fleet.pass(Fleet.MINUTE_MILLIS);
        fleet.device(1).tidy();
        fleet.sync(0, 1);

        assertThat(fleet.device(0).vault("main").prune().blockers()).isEmpty();
        fleet.sync(0, 1);
        assertThat(fleet.vault(1).closed()).containsKey(gone);
        assertThat(fleet.vault(1).revoked()).containsExactly(thief());
        assertThat(fleet.device(1).digest()).isEqualTo(fleet.device(0).digest());
    }

    /** Another member had let it in anew and had not heard. */
    @Test
    void whatItCameBackAsIsShutOutToo() throws Exception {
        Bytes key = fleet.device(THIEF).identity().publicKey();
        Store unaware = fleet.store(1);
        unaware.write(
                stage -> {
                    ControlBatch.stage(
                            unaware,
                            stage,
                            fleet.vault(1).id(),
                            List.of(new Operation.Enrol(key, Bytes.fromHex("0102030405060708"))));
                    return "";
                });
        fleet.device(0).revoke(thief());
        fleet.sync(0, 1);
        fleet.device(0).tidy();

        assertThat(fleet.vault(0).actors().values())
                .filteredOn(actor -> actor.device().equals(thief()))
                .hasSize(3)
                .allMatch(actor -> actor.isExcluded());
    }

    @Test
    void aSessionThatRunsIsBroken() throws Exception {
        fleet.put(0, "k", "moves");
        fleet.put(THIEF, "l", "moves");
        CountDownLatch running = new CountDownLatch(2);
        PipedLink[] ends =
                PipedLink.between(fleet.device(0), fleet.device(THIEF), Integer.MAX_VALUE);
        SyncOptions live =
                SyncOptions.live().progress((durable, bytes, total) -> running.countDown());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<SyncReport> there =
                    threads.submit(() -> fleet.device(THIEF).sync(ends[1], live));
            Future<SyncReport> here = threads.submit(() -> fleet.device(0).sync(ends[0], live));
            boolean isRunning = running.await(20, TimeUnit.SECONDS);
            fleet.device(0).revoke(thief());

            assertThat(isRunning).isTrue();
            assertThat(here.get().reason()).isEqualTo("REVOKED");
            assertThat(there.get().reason()).isEqualTo("REVOKED");
        } finally {
            ends[0].close();
        }
    }

    /** Who revoked was itself shut out before anybody had heard, as one that is late is. */
    @Test
    void whomALateDeviceRevokedStaysRevokedWhenItComesHome() throws Exception {
        fleet.device(1).revoke(thief());
        Store unaware = fleet.store(0);
        unaware.write(
                stage -> {
                    ControlBatch.stage(
                            unaware,
                            stage,
                            fleet.vault(0).id(),
                            List.of(new Operation.Suspend(fleet.own(1))));
                    return "";
                });

        PairedStores.sync(fleet.device(0), fleet.device(1));
        fleet.sync(0, 1);
        fleet.sync(0, 1);

        assertThat(fleet.device(0).isRevoked(thief())).isTrue();
        assertThat(fleet.device(1).isRevoked(thief())).isTrue();
        assertThat(syncFailures(0, THIEF)).contains(ErrorCode.REVOKED);
    }

    @Test
    void whoIsNobodyAndOneselfCannotBeRevoked() {
        assertCode(
                ErrorCode.NOT_FOUND,
                () -> fleet.device(0).revoke(new DeviceId(Bytes.fromHex("00".repeat(32)))));
        assertCode(
                ErrorCode.INVALID_ARGUMENT,
                () -> fleet.device(0).revoke(fleet.device(0).identity().id()));
    }

    @Test
    void revokingTwiceChangesNothing() {
        fleet.device(0).revoke(thief());
        long batches = fleet.batches(0);

        assertThat(fleet.device(0).revoke(thief())).isEmpty();
        assertThat(fleet.batches(0)).isEqualTo(batches);
    }
}

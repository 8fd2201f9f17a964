package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorId;
import dev.loam.core.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two devices go on while the third lies in a drawer. */
@Timeout(240)
class AbsenceScenariosTest {
    private static final int AWAY = 2;

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

    /** A day on which both write, meet, and do what is due. */
    private void liveADay() throws Exception {
        fleet.pass(Fleet.DAY_MILLIS / 2);
        fleet.put(0, "k", "text ".repeat(2_000));
        fleet.put(1, "l", "text ".repeat(2_000));
        fleet.sync(0, 1);
        fleet.device(0).tidy();
        fleet.device(1).tidy();
        fleet.pass(Fleet.DAY_MILLIS / 2);
        fleet.sync(0, 1);
    }

    private boolean isSuspended(ActorId actor) {
        return !fleet.vault(0).inGoodStanding(actor);
    }

    @Test
    void aDeviceThatIsSilentForThirtyDaysIsSuspended() throws Exception {
        ActorId away = fleet.own(AWAY);
        for (int day = 0; day < 29; day++) {
            liveADay();
        }
        assertThat(isSuspended(away)).isFalse();

        for (int day = 0; day < 4; day++) {
            liveADay();
        }

        assertThat(isSuspended(away)).isTrue();
        assertThat(fleet.vault(1).inGoodStanding(away)).isFalse();
        fleet.pass(Fleet.MINUTE_MILLIS);
        fleet.device(1).tidy();
        fleet.sync(0, 1);
        assertThat(fleet.device(0).vault("main").prune().blockers()).isEmpty();
        fleet.sync(0, 1);
        assertThat(fleet.vault(0).closed()).containsKey(away);
        assertThat(fleet.vault(1).closed()).containsKey(away);
    }

    @Test
    void aDeviceThatIsBackInTimeIsCountedAnew() throws Exception {
        for (int day = 0; day < 29; day++) {
            liveADay();
        }
        fleet.syncAll();
        fleet.acknowledgeAll();
        for (int day = 0; day < 29; day++) {
            liveADay();
        }

        assertThat(isSuspended(fleet.own(AWAY))).isFalse();
    }

    @Test
    void scenario12ADeletedMemoryStaysDeletedWhenADeviceReturnsAfterFortyFiveDays()
            throws Exception {
        fleet.put(0, "deleted", "text");
        fleet.syncAll();
        fleet.acknowledgeAll();
        ActorId away = fleet.own(AWAY);
        fleet.put(AWAY, "deleted", "changed in the drawer");
        fleet.device(0).vault("main").delete("deleted");
        for (int day = 0; day < 45; day++) {
            liveADay();
        }
        fleet.device(0).vault("main").prune();
        fleet.sync(0, 1);
        assertThat(fleet.vault(0).closed()).containsKey(away);

        for (int session = 0; session < 3; session++) {
            SyncReport _ = PairedStores.sync(fleet.device(0), fleet.device(AWAY));
        }
        fleet.syncAll();

        for (int number = 0; number <= AWAY; number++) {
            Loam device = fleet.device(number);
            assertThat(device.vault("main").get("deleted")).isEmpty();
            assertThat(device.digest()).isEqualTo(fleet.device(0).digest());
            assertThat(device.vault("main").inbox().list(10, Optional.empty()).entries())
                    .extracting(Inbox.Entry::key)
                    .containsOnly("deleted");
        }
    }

    @Test
    void scenario27AClockThatJumpsAYearSuspendsNobodyAndWritesGoOnWhenItSteppedBack()
            throws Exception {
        ActorId away = fleet.own(AWAY);
        for (int day = 0; day < 10; day++) {
            liveADay();
        }
        SettableClock wrong =
                new SettableClock(fleet.clock().instant().toEpochMilli() + 366 * Fleet.DAY_MILLIS);
        fleet.reopen(0, wrong);
        for (int i = 0; i < 40; i++) {
            wrong.advance(Fleet.DAY_MILLIS);
            fleet.device(0).tidy();
        }
        assertThat(isSuspended(away)).isFalse();

        wrong.advance(-3 * 366 * Fleet.DAY_MILLIS);
        fleet.device(0).tidy();
        fleet.put(0, "k", "while the clock is behind");
        assertThat(isSuspended(away)).isFalse();
        assertThat(TestStores.text(fleet.device(0).vault("main"), "k"))
                .contains("while the clock is behind");

        fleet.reopen(0);
        fleet.sync(0, 1);
        for (int day = 0; day < 5; day++) {
            liveADay();
        }
        assertThat(isSuspended(away)).isFalse();
        assertThat(fleet.device(0).digest()).isEqualTo(fleet.device(1).digest());
    }

    @Test
    void whoComesBackAfterAMonthSuspendsNobodyForADay() throws Exception {
        for (int day = 0; day < 40; day++) {
            fleet.pass(Fleet.DAY_MILLIS);
        }
        fleet.device(0).tidy();
        liveADay();

        assertThat(isSuspended(fleet.own(1))).isFalse();
        assertThat(isSuspended(fleet.own(AWAY))).isFalse();
    }

    @Test
    void aDayIsTheLeast() {
        TestStores.assertCode(
                ErrorCode.INVALID_ARGUMENT,
                () -> LoamOptions.unencrypted().suspendAfter(Duration.ofHours(23)));
    }
}

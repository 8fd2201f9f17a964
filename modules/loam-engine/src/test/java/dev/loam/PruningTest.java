package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole stores that acknowledge, settle and suspend by themselves, on a clock of the test's. */
@Timeout(120)
class PruningTest {
    private static final long MINUTE = Fleet.MINUTE_MILLIS;
    private static final long HOUR = 60 * MINUTE;

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

    @Test
    void whatWasReceivedIsAcknowledgedAfterAMinute() throws Exception {
        fleet.put(0, "k", "second");
        fleet.sync(0, 1);
        long before = fleet.batches(1);
        fleet.device(1).tidy();
        fleet.pass(MINUTE - 1);
        fleet.device(1).tidy();
        assertThat(fleet.batches(1)).isEqualTo(before);

        fleet.pass(1);
        fleet.device(1).tidy();
        assertThat(fleet.batches(1)).isEqualTo(before + 1);
        assertThat(fleet.vault(1).contextOf(fleet.own(1))).isEqualTo(fleet.vault(1).frontier());
        fleet.pass(HOUR);
        fleet.device(1).tidy();
        assertThat(fleet.batches(1)).isEqualTo(before + 1);
    }

    @Test
    void manyBatchesAreAcknowledgedAtOnce() throws Exception {
        for (int i = 0; i < 300; i++) {
            fleet.put(0, "k" + i, "text " + i);
        }
        fleet.sync(0, 1);
        long before = fleet.batches(1);

        fleet.device(1).tidy();

        assertThat(fleet.batches(1)).isEqualTo(before + 1);
    }

    @Test
    void acknowledgementsAndCutsCallForNoAnswer() throws Exception {
        fleet.pass(HOUR);
        fleet.tidyAll();
        fleet.syncAll();
        long before =
                fleet.vault(0).frontier().tips().values().stream()
                        .mapToLong(t -> t.sequence())
                        .sum();
        for (int i = 0; i < 3; i++) {
            fleet.pass(HOUR);
            fleet.tidyAll();
            fleet.syncAll();
        }
        // Of three cuts at most, one per device: nobody answers another's.
        assertThat(
                        fleet.vault(0).frontier().tips().values().stream()
                                .mapToLong(t -> t.sequence())
                                .sum())
                .isLessThanOrEqualTo(before + 3);
    }

    @Test
    void whoClosesHasAcknowledgedBefore() throws Exception {
        fleet.put(0, "k", "second");
        fleet.sync(0, 1);
        fleet.reopen(1);

        assertThat(fleet.vault(1).contextOf(fleet.own(1))).isEqualTo(fleet.vault(1).frontier());
    }

    @Test
    void aCutIsMadeOnceAllHaveAcknowledgedAndAllTakeIt() throws Exception {
        fleet.pass(MINUTE);
        fleet.tidyAll();
        fleet.syncAll();
        PruneReport report = fleet.device(0).vault("main").prune();

        assertThat(report.settled().isNone()).isFalse();
        assertThat(report.blockers()).isEmpty();
        fleet.syncAll();
        for (int i = 0; i < 3; i++) {
            assertThat(fleet.vault(i).horizon().isEmpty()).isFalse();
            assertThat(fleet.vault(i).horizon()).isEqualTo(fleet.vault(0).horizon());
            assertThat(fleet.device(i).digest()).isEqualTo(fleet.device(0).digest());
        }
        assertThat(fleet.device(0).vault("main").prune().settled().isNone()).isTrue();
    }

    @Test
    void whoHasNotAcknowledgedIsNamedWithWhatItKeeps() throws Exception {
        fleet.pass(MINUTE);
        fleet.tidyAll();
        fleet.syncAll();
        fleet.put(0, "k", "second");
        fleet.sync(0, 1);
        fleet.pass(MINUTE);
        fleet.tidyAll();
        fleet.sync(0, 1);

        PruneReport report = fleet.device(0).vault("main").prune();

        assertThat(report.blockers()).hasSize(1);
        Blocker blocker = report.blockers().getFirst();
        assertThat(blocker.device()).isEqualTo(fleet.device(2).identity().id());
        assertThat(blocker.alone().batches()).isPositive();
        assertThat(blocker.alone().operations()).isPositive();
        assertThat(blocker.alone().bytes()).isPositive();
    }

    @Test
    void aVaultThatDoesNotExistCannotBePruned() {
        TestStores.assertCode(ErrorCode.NOT_FOUND, () -> fleet.device(0).vault("nothing").prune());
    }

    @Test
    void cutsAreMadeWithoutBeingAskedForOnceAnHour() throws Exception {
        fleet.pass(MINUTE);
        fleet.tidyAll();
        fleet.syncAll();
        assertThat(fleet.vault(0).horizon().isEmpty()).isTrue();
        fleet.pass(HOUR);
        fleet.device(0).tidy();
        assertThat(fleet.vault(0).horizon().isEmpty()).describedAs("little").isTrue();
        for (int i = 0; i < 100; i++) {
            fleet.put(0, "large" + i, "text ".repeat(10_000));
        }
        fleet.syncAll();
        fleet.acknowledgeAll();
        assertThat(fleet.vault(0).horizon().isEmpty()).describedAs("too soon").isTrue();
        fleet.pass(HOUR);
        fleet.device(0).tidy();
        assertThat(fleet.vault(0).horizon().isEmpty()).isFalse();
        long before = fleet.batches(0);
        fleet.put(1, "k", "second");
        fleet.pass(MINUTE);
        fleet.syncAll();
        fleet.tidyAll();
        fleet.syncAll();
        assertThat(fleet.vault(0).horizon()).isEqualTo(fleet.vault(1).horizon());
        assertThat(fleet.batches(0)).isGreaterThan(before);
    }

    /** A cut ahead of which its receivers have written is checked by the log's contexts. */
    @Test
    void aCutIsCheckedByWhatItsAuthorKnewAndNotByWhatIsKnownNow() throws Exception {
        fleet.pass(MINUTE);
        fleet.tidyAll();
        fleet.syncAll();
        for (int i = 0; i < 40; i++) {
            fleet.put(1, "b" + i, "meanwhile");
            fleet.put(2, "c" + i, "meanwhile");
        }
        fleet.sync(1, 2);
        assertThat(fleet.device(0).vault("main").prune().settled().isNone()).isFalse();

        fleet.syncAll();

        for (int i = 0; i < 3; i++) {
            assertThat(fleet.vault(i).horizon()).isEqualTo(fleet.vault(0).horizon());
            assertThat(fleet.device(i).digest()).isEqualTo(fleet.device(0).digest());
        }
    }
}

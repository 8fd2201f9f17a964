package dev.loam;

import static dev.loam.TestStores.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A phone whose clock jumps an hour ahead between two writes that leave it together, a laptop that
 * it syncs with, and a tablet that only the laptop meets.
 */
@Timeout(60)
class WaitingBatchesTest {
    private static final Duration HOUR = Duration.ofHours(1);

    /** More than are read at once. */
    private static final int MANY = 1_100;

    @TempDir Path directory;
    private final SettableClock right = new SettableClock(Instant.now().toEpochMilli());
    private final SettableClock wrong = new SettableClock(right.instant().toEpochMilli());
    private Loam phone;
    private Loam laptop;
    private Loam tablet;

    @BeforeEach
    void openPairAndSync() throws Exception {
        phone = open("phone", wrong);
        laptop = open("laptop", right);
        tablet = open("tablet", right);
        PairedStores.pair(phone, laptop);
        PairedStores.pair(laptop, tablet);
        phone.vault("main").put(Memory.of("first").key("first"));
        PairedStores.sync(phone, laptop);
        PairedStores.sync(laptop, tablet);
        assertThat(PairedStores.sync(phone, laptop).isDone()).isTrue();
    }

    @AfterEach
    void closeAll() {
        phone.close();
        laptop.close();
        tablet.close();
    }

    private Loam open(String name, SettableClock clock) {
        return Loam.open(directory.resolve(name), LoamOptions.unencrypted().clock(clock));
    }

    private SyncReport writeAroundTheJumpAndSync() throws Exception {
        phone.vault("main").put(Memory.of("before the jump").key("before"));
        Instant _ = wrong.advance(HOUR.toMillis());
        phone.vault("main").put(Memory.of("after the jump").key("after"));
        return PairedStores.sync(laptop, phone);
    }

    @Test
    void aBatchWaitsForItsAuthorsSealAndTheClockIsNamed() throws Exception {
        SyncReport report = writeAroundTheJumpAndSync();

        assertThat(report.reason()).isEqualTo("CLOCK_AHEAD");
        assertThat(report.waitingBatches()).isEqualTo(2);
        assertThat(report.clockAhead()).isEqualTo(HOUR);
        assertThat(laptop.vault("main").get("before")).isEmpty();
        assertThat(laptop.vault("main").get("after")).isEmpty();
        assertThat(laptop.parked()).extracting(Parked::reason).containsExactly("CLOCK");
        assertThat(laptop.parked()).extracting(Parked::stamped).containsExactly(wrong.instant());
    }

    @Test
    void allThatWaitsIsLookedThroughForRemains() throws Exception {
        Instant _ = wrong.advance(HOUR.toMillis());
        for (int i = 0; i < MANY; i++) {
            phone.vault("main").put(Memory.of("of no interest").key("k" + i));
        }
        phone.vault("main").put(Memory.of("a canary sings").key("last"));
        assertThat(PairedStores.sync(laptop, phone).waitingBatches()).isEqualTo(MANY + 1);
        assertThat(laptop.remains(List.of("a canary sings")))
                .extracting(Remains::place)
                .contains("waiting batch");
    }

    @Test
    void whatWaitsHoldsUpNothingOfOthers() throws Exception {
        writeAroundTheJumpAndSync();
        laptop.vault("main").put(Memory.of("of the laptop").key("laptop"));
        tablet.vault("main").put(Memory.of("of the tablet").key("tablet"));

        SyncReport report = PairedStores.sync(laptop, tablet);

        assertThat(report.reason()).isEqualTo("DONE");
        assertThat(report.waitingBatches()).isZero();
        assertThat(tablet.parked()).isEmpty();
        assertThat(tablet.digest()).isEqualTo(laptop.digest());
        assertThat(text(tablet.vault("main"), "laptop")).contains("of the laptop");
        assertThat(text(laptop.vault("main"), "tablet")).contains("of the tablet");
        assertThat(tablet.vault("main").get("before")).isEmpty();
    }

    @Test
    void onceTheClocksAgreeAllIsThereAndNothingIsLost() throws Exception {
        writeAroundTheJumpAndSync();
        tablet.vault("main").put(Memory.of("of the tablet").key("tablet"));
        PairedStores.sync(laptop, tablet);

        Instant _ = right.advance(HOUR.toMillis());
        assertThat(PairedStores.sync(phone, laptop).reason()).isEqualTo("DONE");
        assertThat(PairedStores.sync(laptop, tablet).reason()).isEqualTo("DONE");

        assertThat(laptop.parked()).isEmpty();
        assertThat(List.of(phone.digest(), tablet.digest())).containsOnly(laptop.digest());
        assertThat(text(tablet.vault("main"), "before")).contains("before the jump");
        assertThat(text(tablet.vault("main"), "after")).contains("after the jump");
        assertThat(text(phone.vault("main"), "tablet")).contains("of the tablet");
    }
}

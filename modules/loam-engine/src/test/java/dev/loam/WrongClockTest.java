package dev.loam;

import static dev.loam.PairedStores.pair;
import static dev.loam.PairedStores.sync;
import static dev.loam.TestStores.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorId;
import dev.loam.core.FieldName;
import dev.loam.core.Value;
import dev.loam.core.VaultState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A phone whose clock goes far ahead while it writes, and is set right; a laptop that is right. */
@Timeout(60)
class WrongClockTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration YEAR = Duration.ofDays(365);

    @TempDir Path directory;
    private final SettableClock right = new SettableClock(1_790_000_000_000L);
    private final SettableClock wrong = new SettableClock(1_790_000_000_000L);
    private Loam phone;
    private Loam laptop;

    @BeforeEach
    void meet() throws Exception {
        laptop = open("laptop", right);
        phone = open("phone", wrong);
        pair(laptop, phone);
        vault(laptop).put(Memory.of("one").key("a").counter("hits", 1));
        vault(laptop).put(Memory.of("two").key("b"));
        vault(laptop).put(Memory.of("three").key("c").entry("log", new Value.Text("first")));
        sync(laptop, phone);
        vault(phone).put(Memory.of("of the phone").key("p"));
        sync(laptop, phone);
    }

    @AfterEach
    void close() {
        phone.close();
        laptop.close();
    }

    private Loam open(String name, SettableClock clock) {
        return Loam.open(directory.resolve(name), LoamOptions.unencrypted().clock(clock));
    }

    private static Vault vault(Loam loam) {
        return loam.vault("main");
    }

    private static VaultState state(Loam loam) {
        return loam.store().state().named("main").orElseThrow();
    }

    private static Optional<ActorId> own(Loam loam) {
        return loam.store().ownActors().in(state(loam));
    }

    private void ahead(Duration by) {
        Instant _ = wrong.advance(by.toMillis());
    }

    private void setRight() {
        Instant _ = wrong.advance(right.instant().toEpochMilli() - wrong.instant().toEpochMilli());
    }

    private static void writeAll(Vault vault) {
        vault.update("a", Update.none().text("one, changed").increment("hits", 5));
        vault.update("a", Update.none().text("one, changed twice"));
        vault.update("c", Update.none().append("log", "second"));
        vault.delete("b");
        vault.put(Memory.of("new").key("x"));
    }

    private static List<Value> log(Loam loam, String key) {
        return vault(loam).get(key).orElseThrow().logs().get(new FieldName("log"));
    }

    private static List<Inbox.Entry> inbox(Loam loam) {
        return vault(loam).inbox().list(100, Optional.empty()).entries();
    }

    private void allIsThereOnce(Loam loam) {
        Memory a = vault(loam).get("a").orElseThrow();
        assertThat(a.text()).isEqualTo("one, changed twice");
        assertThat(a.counters()).containsEntry(new FieldName("hits"), 6L);
        assertThat(log(loam, "c"))
                .containsExactly(new Value.Text("first"), new Value.Text("second"));
        assertThat(text(vault(loam), "b")).isEmpty();
        assertThat(text(vault(loam), "x")).contains("new");
        assertThat(inbox(loam)).isEmpty();
    }

    private void comesHome() throws Exception {
        assertThat(sync(laptop, phone).reason()).isEqualTo("CLOCK_AHEAD");
        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
        assertThat(phone.digest()).isEqualTo(laptop.digest());
        assertThat(phone.verify(Progress.NONE).damage()).isEmpty();
    }

    @Test
    void scenario26AClockThatWasAYearAheadIsSetRightAndNothingIsLost() throws Exception {
        ahead(YEAR);
        writeAll(vault(phone));
        assertThat(sync(laptop, phone).reason()).isEqualTo("CLOCK_AHEAD");
        setRight();

        comesHome();

        allIsThereOnce(laptop);
        allIsThereOnce(phone);
        vault(phone).put(Memory.of("after").key("after"));
        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
        assertThat(text(vault(laptop), "after")).contains("after");
    }

    @Test
    void scenario26AClockThatWasAnHourAheadIsSetRightAndAllAgreeAtOnce() throws Exception {
        ahead(HOUR);
        writeAll(vault(phone));
        assertThat(sync(laptop, phone).reason()).isEqualTo("CLOCK_AHEAD");
        setRight();

        comesHome();

        allIsThereOnce(laptop);
    }

    @Test
    void whileTheClockIsStillWrongNothingChangesAndItIsNamed() throws Exception {
        Optional<ActorId> before = own(phone);
        ahead(YEAR);
        writeAll(vault(phone));

        for (int session = 0; session < 3; session++) {
            SyncReport report = sync(phone, laptop);
            assertThat(report.reason()).isEqualTo("CLOCK_AHEAD");
            assertThat(report.clockAhead()).isEqualTo(YEAR);
        }

        assertThat(own(phone)).isEqualTo(before);
        assertThat(phone.store().ownActors().awaited(phone.store().state())).isEmpty();
        vault(phone).put(Memory.of("goes on").key("y"));
    }
}

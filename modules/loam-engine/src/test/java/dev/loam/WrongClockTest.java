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
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
        return vault(loam)
                .get(key)
                .orElseThrow()
                .logs()
                .getOrDefault(new FieldName("log"), List.of());
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
        assertThat(state(phone).digest()).isEqualTo(state(laptop).digest());
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

    /** The other has not heard of it, and is a member to itself. */
    @Test
    void whomItExcludedWhileItWasAheadServesItAllTheSame() throws Exception {
        ahead(YEAR);
        writeAll(vault(phone));
        Cuts.suspend(phone, "main", laptop);
        setRight();

        comesHome();

        allIsThereOnce(laptop);
        vault(laptop).put(Memory.of("by the laptop").key("l"));
        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
        assertThat(text(vault(phone), "l")).contains("by the laptop");
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

    /** Of what a memory was before its change a compaction has left nothing. */
    @Test
    void whatWasEndedMeanwhileIsNotMadeAnewByAChangeThatHadNotSeenThat() throws Exception {
        Cuts.ack(laptop, "main");
        sync(laptop, phone);
        Cuts.cut(phone, "main");
        sync(laptop, phone);
        ahead(YEAR);
        vault(phone).update("a", Update.none().set("place", "harbour"));
        vault(phone).update("b", Update.none().tag("red").increment("hits", 1));
        vault(phone).update("c", Update.none().set("place", "harbour").append("log", "second"));
        vault(phone).delete("c");
        vault(phone).put(Memory.of("put again").key("p"));
        assertThat(sync(laptop, phone).reason()).isEqualTo("CLOCK_AHEAD");
        CompactReport report = phone.compact(CompactOptions.aggressive(), Progress.NONE);
        assertThat(report.batchesLetGo()).isPositive();
        vault(laptop).remove("a");
        vault(laptop).delete("b");
        vault(laptop).delete("c");
        vault(laptop).remove("p");
        assertThat(sync(laptop, phone).reason()).isEqualTo("CLOCK_AHEAD");
        setRight();

        comesHome();

        for (String key : List.of("a", "b", "c", "p")) {
            assertThat(vault(laptop).get(key)).isEmpty();
        }
        assertThat(inbox(laptop)).extracting(Inbox.Entry::key).containsOnly("a", "b", "c", "p");
    }

    @Test
    void whatIsWrittenBeforeTheNextSessionIsNotLostEither() throws Exception {
        ahead(YEAR);
        writeAll(vault(phone));
        sync(laptop, phone);
        setRight();
        assertThat(sync(laptop, phone).reason()).isEqualTo("CLOCK_AHEAD");
        vault(phone).update("a", Update.none().increment("hits", 10));
        vault(phone).put(Memory.of("meanwhile").key("m"));

        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");

        assertThat(phone.digest()).isEqualTo(laptop.digest());
        assertThat(text(vault(laptop), "m")).contains("meanwhile");
        assertThat(vault(laptop).get("a").orElseThrow().counters())
                .containsEntry(new FieldName("hits"), 16L);
    }

    @Test
    void newerWorkOfOthersIsNotBeatenByWhatWasStampedAhead() throws Exception {
        ahead(YEAR);
        vault(phone).update("a", Update.none().text("by the phone"));
        sync(laptop, phone);
        vault(laptop).update("a", Update.none().text("by the laptop"));
        setRight();

        comesHome();

        assertThat(text(vault(phone), "a")).contains("by the laptop");
        assertThat(inbox(laptop))
                .singleElement()
                .satisfies(
                        entry -> assertThat(entry.mine()).contains(new Value.Text("by the phone")));
    }

    @Test
    void aStoreThatIsClosedBetweenAnyTwoStepsComesHomeAllTheSame() throws Exception {
        ahead(YEAR);
        writeAll(vault(phone));
        sync(laptop, phone);
        setRight();
        reopenPhone();
        assertThat(sync(laptop, phone).reason()).isEqualTo("CLOCK_AHEAD");
        reopenPhone();
        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
        reopenPhone();

        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");

        allIsThereOnce(laptop);
        assertThat(phone.digest()).isEqualTo(laptop.digest());
    }

    private void reopenPhone() {
        phone.close();
        phone = open("phone", wrong);
    }

    @Test
    void aClockThatGoesBackAndForthLosesNothing() throws Exception {
        for (int round = 1; round <= 4; round++) {
            ahead(round % 2 == 0 ? HOUR : YEAR);
            vault(phone).update("a", Update.none().increment("hits", round));
            sync(laptop, phone);
            setRight();
            vault(phone).put(Memory.of("round " + round).key("r" + round));
            Instant _ = wrong.advance(-YEAR.toMillis());
            sync(laptop, phone);
            vault(phone).update("c", Update.none().append("log", "entry " + round));
            setRight();
            for (int session = 0; session < 3; session++) {
                sync(laptop, phone);
            }
            assertThat(phone.digest()).isEqualTo(laptop.digest());
        }

        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
        assertThat(vault(laptop).get("a").orElseThrow().counters())
                .containsEntry(new FieldName("hits"), 11L);
        assertThat(log(laptop, "c")).hasSize(5);
        for (int round = 1; round <= 4; round++) {
            assertThat(text(vault(laptop), "r" + round)).contains("round " + round);
        }
        assertThat(inbox(laptop)).isEmpty();
    }

    /** The tablet's clock is wrong as well, so it has them and everybody takes them from it. */
    @Test
    void whatAThirdDeviceTookCountsOnce() throws Exception {
        try (Loam tablet = open("tablet", wrong)) {
            joins(tablet);
            ahead(YEAR);
            writeAll(vault(phone));
            assertThat(sync(phone, tablet).reason()).isEqualTo("DONE");
            sync(laptop, phone);
            setRight();
            comesHome();
            Cuts.ack(tablet, "main");

            for (int round = 0; round < 3; round++) {
                sync(laptop, tablet);
                sync(phone, tablet);
                sync(laptop, phone);
            }

            assertThat(phone.digest()).isEqualTo(laptop.digest()).isEqualTo(tablet.digest());
            Memory a = vault(laptop).get("a").orElseThrow();
            assertThat(a.text()).isEqualTo("one, changed twice");
            assertThat(a.counters()).containsEntry(new FieldName("hits"), 6L);
            assertThat(log(laptop, "c")).hasSize(2);
            assertThat(text(vault(laptop), "b")).isEmpty();
            assertThat(text(vault(laptop), "x")).contains("new");
            assertThat(inbox(laptop))
                    .extracting(Inbox.Entry::what)
                    .containsExactlyInAnyOrder("increment", "append");
        }
    }

    /** It keeps them waiting, and may take them before it hears that they do not count. */
    @Test
    void whatAThirdDeviceMayTakeYetComesIntoTheInboxWhereItWouldAdd() throws Exception {
        try (Loam tablet = open("tablet", right)) {
            joins(tablet);
            ahead(YEAR);
            writeAll(vault(phone));
            assertThat(sync(phone, tablet).reason()).isEqualTo("CLOCK_AHEAD");
            sync(laptop, phone);
            setRight();
            comesHome();

            sync(laptop, tablet);
            sync(phone, tablet);
            sync(laptop, phone);

            assertThat(phone.digest()).isEqualTo(laptop.digest()).isEqualTo(tablet.digest());
            assertThat(text(vault(tablet), "a")).contains("one, changed twice");
            assertThat(text(vault(tablet), "x")).contains("new");
            assertThat(inbox(tablet))
                    .extracting(Inbox.Entry::what)
                    .containsExactlyInAnyOrder("increment", "append");
        }
    }

    private void joins(Loam tablet) throws Exception {
        pair(laptop, tablet);
        pair(phone, tablet);
        sync(laptop, tablet);
        sync(phone, tablet);
        sync(laptop, phone);
    }

    @Test
    void twoWhoseClocksWereBothAheadComeHomeToEachOther() throws Exception {
        phone.close();
        laptop.close();
        laptop = open("laptop", wrong);
        phone = open("phone", wrong);
        ahead(YEAR);
        writeAll(vault(phone));
        vault(laptop).put(Memory.of("of the laptop").key("l"));
        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
        setRight();
        vault(phone).update("a", Update.none().increment("hits", 100));
        vault(laptop).update("a", Update.none().increment("hits", 1000));

        vault(phone).put(Memory.of("p").key("after p"));
        syncs(5);
        vault(phone).put(Memory.of("p").key("later p"));
        vault(laptop).put(Memory.of("l").key("later l"));
        syncs(5);

        assertThat(phone.digest()).isEqualTo(laptop.digest());
        assertThat(vault(laptop).get("a").orElseThrow().counters())
                .containsEntry(new FieldName("hits"), 1106L);
        assertThat(text(vault(phone), "l")).contains("of the laptop");
        assertThat(text(vault(phone), "later l")).contains("l");
        assertThat(text(vault(laptop), "later p")).contains("p");
        assertThat(inbox(laptop)).isEmpty();
        vault(phone).put(Memory.of("p").key("at once p"));
        vault(laptop).put(Memory.of("l").key("at once l"));
        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
    }

    @Test
    void aLiveSessionEndsOnceTheClockIsRightSoThatItComesHome() throws Exception {
        ahead(YEAR);
        writeAll(vault(phone));
        PipedLink[] ends = PipedLink.between(laptop, phone, Integer.MAX_VALUE);
        PauseSignal pause = new PauseSignal();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            SyncOptions live = SyncOptions.live().pause(pause);
            Future<SyncReport> there = threads.submit(() -> laptop.sync(ends[0], live));
            Future<SyncReport> here = threads.submit(() -> phone.sync(ends[1], live));
            setRight();

            assertThat(here.get().reason()).isEqualTo("CLOCK_AHEAD");
            assertThat(there.get().reason()).isEqualTo("CLOCK_AHEAD");
        }

        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
        allIsThereOnce(laptop);
    }

    private void syncs(int count) throws Exception {
        for (int session = 0; session < count; session++) {
            sync(laptop, phone);
        }
    }

    @Test
    void aVaultThatNobodyElseIsInIsWrittenOnInItsOrder() throws Exception {
        try (Loam alone = open("alone", wrong)) {
            vault(alone).put(Memory.of("alone").key("a").entry("log", new Value.Text("1")));
            ahead(YEAR);
            vault(alone).update("a", Update.none().append("log", "2").text("ahead"));
            setRight();
            Optional<ActorId> before = own(alone);
            vault(alone).update("a", Update.none().append("log", "3").text("right again"));

            assertThat(log(alone, "a"))
                    .containsExactly(new Value.Text("1"), new Value.Text("2"), new Value.Text("3"));
            assertThat(text(vault(alone), "a")).contains("right again");
            assertThat(own(alone)).isEqualTo(before);
        }
    }

    @Test
    void whoeverIsNewToAVaultThatIsAheadTakesItAndItsAuthorComesHome() throws Exception {
        try (Loam alone = open("alone", wrong);
                Loam newcomer = open("newcomer", right)) {
            ahead(YEAR);
            vault(alone).put(Memory.of("ahead").key("a").counter("hits", 1));
            setRight();
            pair(alone, newcomer);
            assertThat(sync(alone, newcomer).reason()).isEqualTo("DONE");
            assertThat(text(vault(newcomer), "a")).contains("ahead");
            vault(newcomer).update("a", Update.none().increment("hits", 1));
            sync(alone, newcomer);
            vault(alone).update("a", Update.none().text("right again"));

            assertThat(sync(alone, newcomer).reason()).isEqualTo("CLOCK_AHEAD");
            assertThat(sync(alone, newcomer).reason()).isEqualTo("DONE");
            assertThat(sync(alone, newcomer).reason()).isEqualTo("DONE");

            assertThat(text(vault(newcomer), "a")).contains("right again");
            assertThat(newcomer.digest()).isEqualTo(alone.digest());
        }
    }

    @Test
    void whoeverIsNewTakesAllOfTheOneThatHasShutOutTheOthers() throws Exception {
        phone.revoke(laptop.identity().id());
        ahead(YEAR);
        writeAll(vault(phone));
        setRight();
        try (Loam newcomer = open("newcomer", right)) {
            pair(phone, newcomer);
            assertThat(sync(phone, newcomer).reason()).isEqualTo("DONE");
            allIsThereOnce(newcomer);
            vault(newcomer).put(Memory.of("of the newcomer").key("n"));
            sync(phone, newcomer);
            vault(phone).put(Memory.of("right again").key("r"));

            assertThat(sync(phone, newcomer).reason()).isEqualTo("CLOCK_AHEAD");
            assertThat(sync(phone, newcomer).reason()).isEqualTo("DONE");
            assertThat(sync(phone, newcomer).reason()).isEqualTo("DONE");

            assertThat(text(vault(newcomer), "r")).contains("right again");
            assertThat(newcomer.digest()).isEqualTo(phone.digest());
        }
    }

    @Test
    void aVaultThatThePeerIsNotInIsLeftAsItIs() throws Exception {
        vault(laptop).put(Memory.of("shared").key("s"));
        sync(laptop, phone);
        ahead(YEAR);
        writeAll(vault(phone));
        phone.exchangeOnly(laptop.identity().id(), Set.of(state(phone).id()));
        phone.vault("own").put(Memory.of("own").key("o"));
        VaultState alone = phone.store().state().named("own").orElseThrow();
        Optional<ActorId> before = phone.store().ownActors().in(alone);
        sync(laptop, phone);
        setRight();

        comesHome();

        allIsThereOnce(laptop);
        VaultState after = phone.store().state().named("own").orElseThrow();
        assertThat(phone.store().ownActors().in(after)).isEqualTo(before);
        phone.vault("own").update("o", Update.none().text("still"));
    }

    /** Neither may let the other in; and what waits for a clock will wait for a year. */
    @Test
    void bothWerePutBackAfterOneHadWrittenAhead() throws Exception {
        ahead(YEAR);
        vault(phone).put(Memory.of("of the wrong time").key("x"));
        setRight();
        phone = putBack(phone, "phone", wrong);
        laptop = putBack(laptop, "laptop", right);

        for (int round = 0; round < 6; round++) {
            sync(laptop, phone);
        }

        vault(phone).put(Memory.of("by the phone").key("y"));
        vault(laptop).put(Memory.of("by the laptop").key("z"));
        for (int round = 0; round < 3; round++) {
            sync(laptop, phone);
        }
        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
        assertThat(laptop.digest()).isEqualTo(phone.digest());
        assertThat(text(vault(laptop), "x")).contains("of the wrong time");
    }

    private Loam putBack(Loam loam, String name, SettableClock clock) throws Exception {
        loam.close();
        TestStores.copy(directory.resolve(name), directory.resolve(name + "-copy"));
        return open(name + "-copy", clock);
    }
}

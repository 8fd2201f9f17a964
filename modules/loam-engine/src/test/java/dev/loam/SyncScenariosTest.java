package dev.loam;

import static dev.loam.TestStores.open;
import static dev.loam.TestStores.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.VaultId;
import dev.loam.sync.BatchRanges;
import dev.loam.sync.RangeSum;
import dev.loam.sync.SequenceRange;
import dev.loam.sync.SyncEffect;
import dev.loam.sync.SyncInput;
import dev.loam.sync.SyncSession;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What others got wrong when devices exchange, between whole stores. */
@Timeout(300)
class SyncScenariosTest {
    @TempDir Path directory;
    private Loam laptop;
    private Loam phone;

    @BeforeEach
    void openAndPair() {
        laptop = open(directory.resolve("laptop"));
        phone = open(directory.resolve("phone"));
        PairedStores.pair(laptop, phone);
    }

    @AfterEach
    void closeBoth() {
        laptop.close();
        phone.close();
    }

    private static SyncReport sync(PipedLink[] ends, Loam one, Loam other, PeerLink there)
            throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<SyncReport> far = threads.submit(() -> other.sync(there, Progress.NONE));
            SyncReport here = one.sync(ends[0], Progress.NONE);
            SyncReport _ = far.get();
            return here;
        }
    }

    @Test
    void scenario02BatchesThatComeTwiceChangeNothing() throws Exception {
        laptop.vault("main").put(Memory.of("a").key("a"));
        assertThat(PairedStores.sync(laptop, phone).isDone()).isTrue();
        try (Loam tablet = open(directory.resolve("tablet"))) {
            PairedStores.pair(laptop, tablet);
            PairedStores.pair(phone, tablet);
            assertThat(PairedStores.sync(phone, tablet).isDone()).isTrue();
            laptop.vault("main").put(Memory.of("b").key("b"));
            PipedLink[] first = PipedLink.between(tablet, laptop, Integer.MAX_VALUE);
            PipedLink[] second = PipedLink.between(tablet, phone, Integer.MAX_VALUE);
            assertThat(PairedStores.sync(laptop, phone).isDone()).isTrue();
            // Both are told before either has sent: the tablet gets the same batches twice.
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<SyncReport>> sessions = new ArrayList<>();
                sessions.add(threads.submit(() -> laptop.sync(first[1], Progress.NONE)));
                sessions.add(threads.submit(() -> phone.sync(second[1], Progress.NONE)));
                sessions.add(threads.submit(() -> tablet.sync(first[0], Progress.NONE)));
                sessions.add(threads.submit(() -> tablet.sync(second[0], Progress.NONE)));
                for (Future<SyncReport> session : sessions) {
                    assertThat(session.get().isDone()).isTrue();
                }
            }
            assertThat(PairedStores.sync(laptop, phone).isDone()).isTrue();
            assertThat(PairedStores.sync(tablet, phone).isDone()).isTrue();
            assertThat(tablet.digest()).isEqualTo(laptop.digest()).isEqualTo(phone.digest());
            assertThat(tablet.verify(Progress.NONE).damage()).isEmpty();
        }
    }

    @Test
    void scenario09AValuePassedOnKeepsTheStampOfItsAuthor() throws Exception {
        laptop.vault("main").put(Memory.of("old").key("a"));
        PairedStores.sync(laptop, phone);
        try (Loam tablet = open(directory.resolve("tablet"))) {
            PairedStores.pair(phone, tablet);
            PairedStores.sync(phone, tablet);

            assertThat(tablet.vault("main").get("a"))
                    .usingRecursiveComparison()
                    .isEqualTo(laptop.vault("main").get("a"));
            assertThat(tablet.vault("main").history("a"))
                    .isEqualTo(laptop.vault("main").history("a"));
        }
    }

    /** By a clock that is behind, the laptop stamps right after what it has seen. */
    @Test
    void scenario09AnOldValueThatIsPassedOnLateDoesNotBeatANewerOne() throws Exception {
        SettableClock early = new SettableClock(1_760_000_000_000L);
        laptop.vault("main").put(Memory.of("first").key("b"));
        PairedStores.sync(laptop, phone);
        laptop.close();
        LoamOptions before = LoamOptions.unencrypted().clock(early);
        try (Loam tablet = open(directory.resolve("tablet"))) {
            laptop = Loam.open(directory.resolve("laptop"), before);
            PairedStores.pair(phone, tablet);
            PairedStores.sync(phone, tablet);
            laptop.vault("main").put(Memory.of("old").key("a"));
            PairedStores.sync(laptop, phone);
            tablet.vault("main").put(Memory.of("newer").key("a"));

            PairedStores.sync(phone, tablet);

            for (Loam each : List.of(phone, tablet)) {
                assertThat(text(each.vault("main"), "a")).contains("newer");
                assertThat(each.vault("main").siblings("a", "text")).hasSize(2);
            }
        }
    }

    /** Changes the last byte of every frame of batches: of the last one's seal. */
    private record Forging(PeerLink link) implements PeerLink {
        private static final int BATCHES = 3;

        @Override
        public DeviceId peer() {
            return link.peer();
        }

        @Override
        public void send(Bytes frame) {
            byte[] bytes = frame.toArray();
            if (bytes[0] == BATCHES) {
                bytes[bytes.length - 1] ^= 1;
            }
            link.send(Bytes.adopt(bytes));
        }

        @Override
        public Bytes receive() {
            return link.receive();
        }

        @Override
        public void close() {
            link.close();
        }
    }

    @Test
    void scenario10ABatchThatItsAuthorDidNotSealIsBadSealAndNothingIsApplied() throws Exception {
        laptop.vault("main").put(Memory.of("a").key("a"));
        PairedStores.sync(laptop, phone);
        try (Loam tablet = open(directory.resolve("tablet"))) {
            PairedStores.pair(phone, tablet);
            PairedStores.sync(phone, tablet);
            laptop.vault("main").put(Memory.of("b").key("b"));
            PairedStores.sync(laptop, phone);
            String before = tablet.digest();

            PipedLink[] ends = PipedLink.between(tablet, phone, Integer.MAX_VALUE);
            assertThat(sync(ends, tablet, phone, new Forging(ends[1])).reason())
                    .isEqualTo("BAD_SEAL");

            assertThat(tablet.digest()).isEqualTo(before);
            assertThat(PairedStores.sync(tablet, phone).isDone()).isTrue();
            assertThat(tablet.digest()).isEqualTo(laptop.digest());
        }
    }

    @Test
    void scenario20AfterAThousandInterruptedSessionsAllAgree() throws Exception {
        Random random = new Random(20);
        laptop.vault("main").put(Memory.of("first").key("k"));
        for (int session = 0; session < 1_000; session++) {
            Loam writer = random.nextBoolean() ? laptop : phone;
            writer.vault("main").put(Memory.of("text " + session).key("k" + random.nextInt(50)));
            PipedLink[] ends = PipedLink.between(laptop, phone, random.nextInt(12));
            SyncReport _ = sync(ends, laptop, phone, ends[1]);
        }

        assertThat(PairedStores.sync(laptop, phone).isDone()).isTrue();
        assertThat(phone.digest()).isEqualTo(laptop.digest());
        assertThat(PairedStores.sync(laptop, phone).sentBatches()).isZero();
        assertThat(laptop.verify(Progress.NONE).damage()).isEmpty();
    }

    @Test
    void scenario26ABatchOfAClockAnHourAheadIsNamedAndComesWhenItsTimeHas() throws Exception {
        SettableClock clock = new SettableClock(Instant.now().toEpochMilli());
        laptop.vault("main").put(Memory.of("a").key("a"));
        PairedStores.sync(laptop, phone);
        laptop.close();
        phone.close();
        long hour = Duration.ofHours(1).toMillis();
        SettableClock ahead = new SettableClock(clock.instant().toEpochMilli());
        laptop = Loam.open(directory.resolve("laptop"), LoamOptions.unencrypted().clock(clock));
        phone = Loam.open(directory.resolve("phone"), LoamOptions.unencrypted().clock(ahead));
        PairedStores.sync(laptop, phone);
        Instant _ = ahead.advance(hour);
        phone.vault("main").put(Memory.of("later").key("b"));
        String before = laptop.digest();

        assertThat(PairedStores.sync(laptop, phone).reason()).isEqualTo("CLOCK_AHEAD");
        assertThat(laptop.digest()).isEqualTo(before);
        Parked parked = laptop.parked().getFirst();
        assertThat(parked.peer()).isEqualTo(phone.identity().id());
        assertThat(parked.reason()).isEqualTo("CLOCK");
        assertThat(Duration.between(clock.instant(), parked.stamped())).isPositive();

        Instant _ = clock.advance(hour);
        assertThat(PairedStores.sync(laptop, phone).isDone()).isTrue();
        assertThat(laptop.parked()).isEmpty();
        assertThat(text(laptop.vault("main"), "b")).contains("later");
        assertThat(laptop.digest()).isEqualTo(phone.digest());
    }

    @Test
    void scenario26OnlyTheBatchThatIsAheadAndWhatSawItWait() throws Exception {
        SettableClock clock = new SettableClock(Instant.now().toEpochMilli());
        laptop.vault("main").put(Memory.of("a").key("a"));
        PairedStores.sync(laptop, phone);
        try (Loam tablet = open(directory.resolve("tablet"))) {
            PairedStores.pair(phone, tablet);
            PairedStores.sync(phone, tablet);
            phone.close();
            long hour = Duration.ofHours(1).toMillis();
            SettableClock ahead = new SettableClock(clock.instant().toEpochMilli());
            phone = Loam.open(directory.resolve("phone"), LoamOptions.unencrypted().clock(ahead));
            PairedStores.sync(laptop, phone);
            Instant _ = ahead.advance(hour);
            phone.vault("main").put(Memory.of("later").key("p"));
            tablet.vault("main").put(Memory.of("now").key("t"));
            PairedStores.sync(phone, tablet);

            SyncReport report = PairedStores.sync(laptop, phone);

            assertThat(report.reason()).isEqualTo("CLOCK_AHEAD");
            assertThat(report.clockAhead()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
            assertThat(report.waitingBatches()).isEqualTo(1);
            assertThat(text(laptop.vault("main"), "t")).contains("now");
            assertThat(laptop.vault("main").get("p")).isEmpty();
            List<Parked> named = laptop.parked();
            assertThat(named).extracting(Parked::reason).containsExactly("CLOCK");
            laptop.close();
            laptop = Loam.open(directory.resolve("laptop"), LoamOptions.unencrypted().clock(clock));
            assertThat(laptop.parked()).isEqualTo(named);
        }
    }

    @Test
    void scenario21ABatchWhoseCausesDoNotComeIsNamedAndAppliesOnceTheyDo() throws Exception {
        laptop.vault("main").put(Memory.of("a").key("a"));
        PairedStores.sync(laptop, phone);
        try (Loam tablet = open(directory.resolve("tablet"))) {
            PairedStores.pair(phone, tablet);
            PairedStores.sync(phone, tablet);
        }
        laptop.vault("main").put(Memory.of("cause").key("b"));
        PairedStores.sync(laptop, phone);
        phone.vault("main").update("b", Update.none().set("f", "seen"));
        DeviceId sender = phone.identity().id();
        phone.close();
        try (Store from = Store.open(directory.resolve("phone"), LoamOptions.unencrypted());
                Store to = Store.open(directory.resolve("tablet"), LoamOptions.unencrypted())) {
            VaultId vault = from.state().vaults().firstKey();
            ActorId author = StoreState.actorOf(from.state().vault(vault), sender).orElseThrow();
            SequenceRange lacking =
                    new SequenceRange(
                            to.state().vault(vault).frontier().get(author).sequence(),
                            from.state().vault(vault).frontier().get(author).sequence());
            BatchRanges wanted = new BatchRanges(new TreeMap<>(Map.of(author, lacking)));
            SyncInput.BatchesRead read =
                    (SyncInput.BatchesRead)
                            new BatchReader(from).read(new SyncEffect.Read(vault, wanted, 1 << 20));

            SyncInput answer =
                    new BatchIntake(to, sender).apply(new SyncEffect.Apply(vault, read.entries()));

            assertThat(answer).isEqualTo(new SyncInput.AppliedInPart(vault, wanted, 0));
            assertThat(to.parked().stillIn(to.state()))
                    .extracting(Parked::reason)
                    .containsExactly("DEPS");
        }
        phone = open(directory.resolve("phone"));
        try (Loam tablet = open(directory.resolve("tablet"))) {
            assertThat(PairedStores.sync(phone, tablet).isDone()).isTrue();
            assertThat(tablet.parked()).isEmpty();
            assertThat(tablet.digest()).isEqualTo(phone.digest());
        }
    }

    @Test
    void scenario24WhatIsCutAmidSyncResumesAndSendsOneWindowAnewAtMost() throws Exception {
        String long100k = "x".repeat(100_000);
        for (int i = 0; i < 150; i++) {
            laptop.vault("main").put(Memory.of(long100k + i).key("k" + i));
        }
        PipedLink[] ends = PipedLink.between(laptop, phone, 70);
        long first = sync(ends, laptop, phone, ends[1]).sentBytes();
        assertThat(first).isPositive();
        phone.close();
        phone = open(directory.resolve("phone"));

        SyncReport second = PairedStores.sync(laptop, phone);

        assertThat(second.isDone()).isTrue();
        assertThat(second.sentBatches()).as("some were durable").isLessThan(150);
        long all = 150L * 100_000;
        long overhead = all / 100;
        assertThat(first + second.sentBytes())
                .isLessThan(all + overhead + SyncSession.WINDOW_BYTES + (256 << 10));
        assertThat(phone.digest()).isEqualTo(laptop.digest());
    }

    @Test
    void onlyTheVaultsChosenForAPeerAreExchangedInEitherDirection() throws Exception {
        laptop.vault("work").put(Memory.of("a").key("a"));
        laptop.vault("home").put(Memory.of("b").key("b"));
        DeviceId phoneId = phone.identity().id();
        VaultId work =
                laptop.vaults().stream()
                        .filter(vault -> vault.name().equals("work"))
                        .findFirst()
                        .orElseThrow()
                        .id();
        laptop.exchangeOnly(phoneId, Set.of(work));
        laptop.close();
        laptop = open(directory.resolve("laptop"));
        PairedStores.pair(laptop, phone);
        phone.vault("own").put(Memory.of("c").key("c"));

        assertThat(PairedStores.sync(laptop, phone).isDone()).isTrue();

        assertThat(phone.vaults()).extracting(VaultInfo::name).containsOnly("own", "work");
        assertThat(laptop.vaults()).extracting(VaultInfo::name).containsOnly("home", "work");
        laptop.exchangeAll(phoneId);
        assertThat(PairedStores.sync(laptop, phone).isDone()).isTrue();
        assertThat(phone.vaults()).hasSize(3).isEqualTo(laptop.vaults());
    }

    @Test
    void aClockThatJumpsWhileASessionRunsIsNotTakenForSilence() {
        SettableClock clock = new SettableClock(Instant.now().toEpochMilli());
        LoamOptions options = LoamOptions.unencrypted().clock(clock);
        DeviceId peer = phone.identity().id();
        laptop.close();
        try (Store store = Store.open(directory.resolve("laptop"), options)) {
            List<Bytes> sent = new ArrayList<>();
            SyncRun run =
                    new SyncRun(
                            store, peer, SyncOptions.once(), new PeerVisit(store, peer), sent::add);
            assertThat(run.begin()).isEmpty();

            Instant _ = clock.advance(Duration.ofDays(365).toMillis());
            assertThat(run.take(new SyncInput.Tick())).isEmpty();
            Instant _ = clock.advance(-Duration.ofDays(700).toMillis());
            assertThat(run.take(new SyncInput.Tick())).isEmpty();
        }
        laptop = open(directory.resolve("laptop"));
    }

    @Test
    void recordsInWhichTwoStoresDifferAreFoundByTheirSums() throws Exception {
        for (int i = 0; i < 600; i++) {
            laptop.vault("main").put(Memory.of("memory " + i).key("k" + i));
        }
        PairedStores.sync(laptop, phone);
        laptop.close();
        phone.close();
        try (Store here = Store.open(directory.resolve("laptop"), LoamOptions.unencrypted());
                Store there = Store.open(directory.resolve("phone"), LoamOptions.unencrypted())) {
            SyncEffect.Survey survey = new SyncEffect.Survey(here.state().vaults().firstKey());
            SortedMap<Integer, RangeSum> sums = new RecordSurvey(here).survey(survey).sums();
            assertThat(sums).isEqualTo(new RecordSurvey(there).survey(survey).sums());
            assertThat(sums.values().stream().mapToLong(RangeSum::records).sum()).isEqualTo(600);

            Vault vault = new Vault(there, Optional.empty(), "main");
            vault.put(Memory.of("other").key("k7"));
            TreeMap<Integer, RangeSum> differing =
                    new TreeMap<>(new RecordSurvey(there).survey(survey).sums());
            differing.entrySet().removeAll(sums.entrySet());
            assertThat(differing).hasSize(1);
            SyncEffect.ListRecords list =
                    new SyncEffect.ListRecords(survey.vault(), new TreeSet<>(differing.keySet()));
            assertThat(new RecordSurvey(here).list(list).records())
                    .containsKey("k7")
                    .isNotEqualTo(new RecordSurvey(there).list(list).records());
        }
        laptop = open(directory.resolve("laptop"));
        phone = open(directory.resolve("phone"));
    }
}

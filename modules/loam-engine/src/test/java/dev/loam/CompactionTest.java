package dev.loam;

import static dev.loam.TestStores.assertCode;
import static dev.loam.TestStores.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A compaction changes what the log takes, and nothing that anybody reads. */
class CompactionTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int RECORDS = 60;
    private static final int ROUNDS = 6;

    @TempDir Path directory;

    private Path store;

    @BeforeEach
    void makeStore() {
        store = directory.resolve("store");
    }

    private static String text(int record, int round) {
        return "memory %d in its version %d, about lanterns and ladders".formatted(record, round);
    }

    private static void rewrite(Vault vault, int round) {
        for (int i = 0; i < RECORDS; i++) {
            vault.put(Memory.of(text(i, round)).key("k%04d".formatted(i)).tag("t" + i % 3));
        }
    }

    private static void fill(Loam loam) {
        Vault vault = loam.vault("main");
        for (int round = 1; round <= ROUNDS; round++) {
            rewrite(vault, round);
        }
        vault.delete("k0007");
        vault.update("k0008", Update.none().text("changed"));
    }

    private static List<String> contents(Loam loam) {
        List<String> contents = new ArrayList<>();
        for (VaultInfo vault : loam.vaults()) {
            loam.vault(vault.name())
                    .scan("", 1_000, Optional.empty())
                    .memories()
                    .forEach(
                            memory ->
                                    contents.add(
                                            vault.name()
                                                    + memory.key()
                                                    + memory.text()
                                                    + memory.tags()
                                                    + memory.time()));
        }
        return contents;
    }

    private static void deleteIndex(Path store) throws IOException {
        try (Stream<Path> files = Files.walk(store.resolve("index"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static long allocated(Path store) throws IOException {
        long sum = 0;
        try (Stream<Path> files = Files.walk(store.resolve("log"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
        }
        return sum;
    }

    @Test
    void contentsAndDigestStayAndTheSpaceIsGivenBack() throws IOException {
        String digest;
        List<String> contents;
        try (Loam loam = open(store)) {
            fill(loam);
            digest = loam.digest();
            contents = contents(loam);
        }
        long before = allocated(store);
        try (Loam loam = open(store)) {
            CompactReport report = loam.compact(CompactOptions.aggressive(), Progress.NONE);
            assertThat(report.replaced()).isTrue();
            assertThat(report.batchesLetGo()).isEqualTo(RECORDS * ROUNDS + 3);
            assertThat(report.batchesKept()).isZero();
            assertThat(report.keptForOthers()).isEmpty();
            assertThat(report.logBytesAfter()).isLessThan(report.logBytesBefore() / 2);
            assertThat(loam.digest()).isEqualTo(digest);
            assertThat(contents(loam)).isEqualTo(contents);
            assertThat(loam.verify(Progress.NONE).damage()).isEmpty();
            RebuildReport rebuilt = loam.rebuild(Progress.NONE);
            assertThat(rebuilt.digestAfter()).isEqualTo(digest);
            assertThat(contents(loam)).isEqualTo(contents);
        }
        assertThat(allocated(store)).isLessThan(before / 2);
        deleteIndex(store);
        try (Loam loam = open(store)) {
            assertThat(loam.openReport().indexRebuilt()).isTrue();
            assertThat(loam.openReport().notes()).isEmpty();
            assertThat(loam.digest()).isEqualTo(digest);
            assertThat(contents(loam)).isEqualTo(contents);
            assertThat(loam.verify(Progress.NONE).damage()).isEmpty();
        }
    }

    @Test
    void cyclesOfWritingCompactingAndReopeningKeepEverything() throws IOException {
        for (int cycle = 1; cycle <= 8; cycle++) {
            String digest;
            try (Loam loam = open(store)) {
                Vault vault = loam.vault("main");
                for (int i = 0; i < 20; i++) {
                    vault.put(
                            Memory.of("cycle " + cycle + " of " + i)
                                    .key("c" + cycle % 7 + "-" + i));
                }
                vault.delete("c" + cycle % 7 + "-3");
                loam.compact(
                        cycle % 2 == 0 ? CompactOptions.aggressive() : CompactOptions.normal(),
                        Progress.NONE);
                vault.put(Memory.of("behind " + cycle).key("b" + cycle));
                digest = loam.digest();
            }
            if (cycle % 3 == 0) {
                deleteIndex(store);
            }
            try (Loam loam = open(store)) {
                assertThat(loam.digest()).isEqualTo(digest);
                assertThat(loam.openReport().notes()).isEmpty();
                for (int i = 0; i < 20; i++) {
                    Optional<String> found =
                            TestStores.text(loam.vault("main"), "c" + cycle % 7 + "-" + i);
                    if (i == 3) {
                        assertThat(found).isEmpty();
                    } else {
                        assertThat(found).contains("cycle " + cycle + " of " + i);
                    }
                }
                for (int past = 1; past <= cycle; past++) {
                    assertThat(loam.vault("main").get("b" + past)).isPresent();
                }
            }
        }
    }

    @Test
    void dryRunTellsTheBytesAndChangesNothing() throws IOException {
        try (Loam loam = open(store)) {
            fill(loam);
        }
        long before = allocated(store);
        try (Loam loam = open(store)) {
            CompactReport planned =
                    loam.compact(CompactOptions.aggressive().dryRun(true), Progress.NONE);
            assertThat(planned.replaced()).isFalse();
            assertThat(allocated(store)).isEqualTo(before);
            CompactReport done = loam.compact(CompactOptions.aggressive(), Progress.NONE);
            assertThat(done.logBytesAfter()).isEqualTo(planned.logBytesAfter());
            assertThat(done.segmentsAfter()).isEqualTo(planned.segmentsAfter());
        }
    }

    @Test
    void historyWithinTheAgeStays() {
        SettableClock clock = new SettableClock(START.toEpochMilli());
        LoamOptions options = LoamOptions.unencrypted().clock(clock);
        try (Loam loam = Loam.open(store, options)) {
            rewrite(loam.vault("main"), 1);
            clock.advance(Duration.ofDays(59).toMillis());
            rewrite(loam.vault("main"), 2);
            String digest = loam.digest();
            CompactOptions week =
                    CompactOptions.aggressive().keep(new KeepHistory.Age(Duration.ofDays(7)));
            CompactReport report = loam.compact(week, Progress.NONE);
            assertThat(report.batchesLetGo()).isEqualTo(RECORDS + 1);
            assertThat(report.batchesKept()).isEqualTo(RECORDS);
            assertThat(loam.rebuild(Progress.NONE).digestAfter()).isEqualTo(digest);
            assertThat(loam.verify(Progress.NONE).damage()).isEmpty();
            assertThat(loam.compact(week, Progress.NONE).replaced()).isFalse();

            clock.advance(Duration.ofDays(31).toMillis());
            CompactReport later = loam.compact(week, Progress.NONE);
            assertThat(later.batchesLetGo()).isEqualTo(RECORDS);
            assertThat(later.batchesKept()).isZero();
            assertThat(loam.rebuild(Progress.NONE).digestAfter()).isEqualTo(digest);
        }
    }

    @Test
    void pastIsToldAsFarAsItIsKept() {
        SettableClock clock = new SettableClock(START.toEpochMilli());
        LoamOptions options = LoamOptions.unencrypted().clock(clock);
        List<Instant> times = new ArrayList<>();
        try (Loam loam = Loam.open(store, options)) {
            Vault vault = loam.vault("main");
            vault.put(Memory.of("gone").key("g"));
            vault.delete("g");
            for (int version = 1; version <= 4; version++) {
                rewrite(vault, version);
                vault.put(Memory.of("version " + version).key("k"));
                times.add(clock.instant());
                clock.advance(Duration.ofDays(10).toMillis());
            }
            CompactOptions options20 =
                    CompactOptions.aggressive().keep(new KeepHistory.Age(Duration.ofDays(25)));
            assertThat(loam.compact(options20, Progress.NONE).batchesLetGo()).isPositive();
        }
        try (Loam loam = Loam.open(store, options)) {
            Vault vault = loam.vault("main");
            vault.put(Memory.of("version 5").key("k"));
            for (int round = 0; round < 2; round++) {
                History history = vault.history("k");
                assertThat(history.complete()).isFalse();
                assertThat(history.changes())
                        .extracting(change -> change.from() + " " + change.to())
                        .filteredOn(change -> change.contains("version"))
                        .satisfiesExactly(
                                change -> assertThat(change).contains("version 2", "version 3"),
                                change -> assertThat(change).contains("version 3", "version 4"),
                                change -> assertThat(change).contains("version 4", "version 5"));
                for (int version = 2; version <= 4; version++) {
                    assertThat(vault.asOf(times.get(version - 1)).get("k"))
                            .map(Memory::text)
                            .contains("version " + version);
                }
                assertCode(ErrorCode.HISTORY_GONE, () -> vault.asOf(times.get(0)).get("k"));
                assertThat(vault.history("g").changes()).isEmpty();
                assertThat(vault.asOf(times.get(2)).get("g")).isEmpty();
                assertThat(vault.history("new").changes()).isEmpty();
                loam.compact(
                        CompactOptions.aggressive().keep(new KeepHistory.All()), Progress.NONE);
            }
            List<CompactedRecord> compacted = new ArrayList<>();
            ReplayReport replayed =
                    loam.replay(
                            OperationFilter.all(), operation -> {}, compacted::add, Progress.NONE);
            assertThat(replayed.compacted()).isEqualTo(RECORDS + 1).isEqualTo(compacted.size());
            assertThat(replayed.damaged()).isZero();
            assertThat(loam.verify(new VerifyScope.Quick(), Progress.NONE).damage()).isEmpty();
            assertThat(loam.verify(new VerifyScope.Sample(50, 3), Progress.NONE).damage())
                    .isEmpty();
        }
    }

    @Test
    void historyWithinTheSizeStays() {
        try (Loam loam = open(store)) {
            fill(loam);
            CompactOptions some = CompactOptions.aggressive().keep(new KeepHistory.Size(32 << 10));
            CompactReport report = loam.compact(some, Progress.NONE);
            assertThat(report.batchesKept()).isBetween(50L, 330L);
            String digest = loam.digest();
            assertThat(loam.rebuild(Progress.NONE).digestAfter()).isEqualTo(digest);
            CompactReport all =
                    loam.compact(
                            CompactOptions.aggressive().keep(new KeepHistory.All()), Progress.NONE);
            assertThat(all.replaced()).isFalse();
        }
    }

    @Test
    void smallSegmentsAreJoined() {
        for (int i = 0; i < 12; i++) {
            try (Loam loam = open(store)) {
                loam.vault("main").put(Memory.of("session " + i).key("s" + i));
            }
        }
        try (Loam loam = open(store)) {
            assertThat(loam.stats().logSegments()).isEqualTo(12);
            CompactReport report = loam.compact(CompactOptions.normal(), Progress.NONE);
            assertThat(report.batchesKept()).isEqualTo(13);
            assertThat(loam.stats().logSegments()).isEqualTo(1);
            assertThat(contents(loam)).hasSize(12);
            assertThat(loam.verify(Progress.NONE).damage()).isEmpty();
        }
    }

    @Test
    void aDeviceThatIsLetInAfterwardsTakesASnapshot() throws Exception {
        try (Loam loam = open(store);
                Loam other = open(directory.resolve("other"))) {
            fill(loam);
            PairedStores.pair(loam, other);
            CompactReport report = loam.compact(CompactOptions.aggressive(), Progress.NONE);
            assertThat(report.batchesKept()).isZero();
            assertThat(PairedStores.sync(loam, other).reason()).isEqualTo("DONE");
            assertThat(other.digest()).isEqualTo(loam.digest());
            assertThat(contents(other)).isEqualTo(contents(loam));
            String digest = loam.digest();
            assertThat(loam.rebuild(Progress.NONE).digestAfter()).isEqualTo(digest);
        }
    }

    @Test
    void compactedBatchesAreSentToWhoLacksThem() throws Exception {
        try (Loam loam = open(store);
                Loam other = open(directory.resolve("other"))) {
            PairedStores.pair(loam, other);
            rewrite(loam.vault("main"), 1);
            PairedStores.sync(loam, other);
            rewrite(loam.vault("main"), 2);
            assertThat(loam.compact(CompactOptions.aggressive(), Progress.NONE).batchesLetGo())
                    .isZero();
            other.vault("main").put(Memory.of("of the other").key("o"));
            other.compact(CompactOptions.aggressive(), Progress.NONE);
            rewrite(loam.vault("main"), 3);
            PairedStores.sync(loam, other);
            assertThat(loam.digest()).isEqualTo(other.digest());
            assertThat(contents(loam)).isEqualTo(contents(other)).hasSize(RECORDS + 1);

            String digest = loam.digest();
            loam.compact(CompactOptions.aggressive(), Progress.NONE);
            assertThat(loam.rebuild(Progress.NONE).digestAfter()).isEqualTo(digest);
            assertThat(loam.verify(Progress.NONE).damage()).isEmpty();
            try (Loam third = open(directory.resolve("third"))) {
                PairedStores.pair(loam, third);
                PairedStores.sync(loam, third);
                assertThat(third.digest()).isEqualTo(digest);
            }
        }
    }

    @Test
    void vaultOfWhichBatchesWereLetGoIsSharedAsASnapshot() throws Exception {
        try (Loam loam = open(store);
                Loam other = open(directory.resolve("other"))) {
            rewrite(loam.vault("main"), 1);
            loam.compact(CompactOptions.aggressive(), Progress.NONE);
            rewrite(loam.vault("main"), 2);
            String digest = loam.digest();
            PairedStores.pair(loam, other);
            assertThat(PairedStores.sync(loam, other).reason()).isEqualTo("DONE");
            assertThat(other.digest()).isEqualTo(digest);
            assertThat(loam.digest()).isEqualTo(digest);

            // Letting the other in has settled all that was written before.
            CompactReport report = loam.compact(CompactOptions.aggressive(), Progress.NONE);
            assertThat(report.batchesLetGo()).isEqualTo(RECORDS);
            assertThat(report.batchesKept()).isEqualTo(2);
            assertThat(loam.rebuild(Progress.NONE).digestAfter()).isEqualTo(digest);
            assertThat(loam.verify(Progress.NONE).damage()).isEmpty();
        }
    }

    /** As a kill leaves it between the log's new list and the index's next commit. */
    @Test
    void indexCommittedJustBeforeTheReplacementDoesNotOfferWhatWasLetGo() throws Exception {
        Path before = directory.resolve("index-before");
        try (Loam loam = open(store)) {
            rewrite(loam.vault("main"), 1);
        }
        copyTree(store.resolve("index"), before);
        try (Loam loam = open(store)) {
            loam.compact(CompactOptions.aggressive(), Progress.NONE);
        }
        deleteIndex(store);
        copyTree(before, store.resolve("index"));
        try (Loam loam = open(store);
                Loam other = open(directory.resolve("other"))) {
            assertThat(loam.openReport().indexRebuilt()).isFalse();
            PairedStores.pair(loam, other);
            assertThat(PairedStores.sync(loam, other).reason()).isEqualTo("DONE");
            assertThat(other.digest()).isEqualTo(loam.digest());
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    @Test
    void largeMemoriesAreCompacted() {
        try (Loam loam = open(store)) {
            String text = Stream.generate(() -> "x").limit(700_000).reduce("", String::concat);
            StringBuilder random = new StringBuilder();
            java.util.Random source = new java.util.Random(5);
            for (int i = 0; i < 700_000; i++) {
                random.append((char) ('a' + source.nextInt(26)));
            }
            loam.vault("main").put(Memory.of(text).key("plain"));
            loam.vault("main").put(Memory.of(random.toString()).key("random"));
            String digest = loam.digest();
            assertThat(loam.compact(CompactOptions.aggressive(), Progress.NONE).replaced())
                    .isTrue();
            assertThat(loam.rebuild(Progress.NONE).digestAfter()).isEqualTo(digest);
        }
    }

    @Test
    void negativeHistoryIsRefused() {
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> new KeepHistory.Age(Duration.ofDays(-1)));
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> new KeepHistory.Size(-1));
    }

    @Test
    void writesGoOnWhileTheLogIsCompacted() throws Exception {
        try (Loam loam = open(store)) {
            fill(loam);
            Thread writer =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        for (int i = 0; i < 100; i++) {
                                            loam.vault("main")
                                                    .put(Memory.of("n " + i).key("n" + i));
                                        }
                                    });
            for (int i = 0; i < 3; i++) {
                loam.compact(CompactOptions.aggressive(), Progress.NONE);
            }
            writer.join();
            for (int i = 0; i < 100; i++) {
                assertThat(loam.vault("main").get("n" + i)).isPresent();
            }
            String digest = loam.digest();
            assertThat(loam.rebuild(Progress.NONE).digestAfter()).isEqualTo(digest);
            assertThat(loam.verify(Progress.NONE).damage()).isEmpty();
        }
    }

    @Test
    void segmentsBehindACompactedOneAreFoundSoundByTheirFooters() {
        try (Loam loam = open(store)) {
            fill(loam);
            loam.compact(CompactOptions.aggressive(), Progress.NONE);
            loam.vault("main").put(Memory.of("after").key("after"));
        }
        try (Loam loam = open(store)) {
            assertThat(loam.stats().logSegments()).isEqualTo(2);
            assertThat(quickDamage(loam)).isEmpty();
        }
    }

    @Test
    void whatIsAskedWhileTheLogIsCompactedIsOfBeforeOrOfAfter() throws Exception {
        try (Loam loam = open(store);
                ExecutorService reader = Executors.newSingleThreadExecutor()) {
            for (int round = 0; round < ROUNDS; round++) {
                Vault vault = loam.vault("vault" + round);
                vault.put(Memory.of("first").key("k"));
                vault.put(Memory.of("second").key("k"));
                History whole = vault.history("k");
                AtomicBoolean isDone = new AtomicBoolean();
                Future<?> asked =
                        reader.submit(
                                () -> {
                                    while (!isDone.get()) {
                                        History history = vault.history("k");
                                        if (history.complete()) {
                                            assertThat(history).isEqualTo(whole);
                                        }
                                        assertThat(quickDamage(loam)).isEmpty();
                                    }
                                });
                loam.compact(CompactOptions.aggressive(), Progress.NONE);
                isDone.set(true);
                asked.get();
                assertThat(vault.history("k").complete()).isFalse();
            }
        }
    }

    private static List<String> quickDamage(Loam loam) {
        return loam.verify(new VerifyScope.Quick(), Progress.NONE).damage();
    }
}

package dev.loam;

import static dev.loam.TestStores.assertCode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.Position;
import dev.loam.core.RecordId;
import dev.loam.core.Value;
import dev.loam.log.LogOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asking for the past of a record costs what was written to it. */
class RecordPlacesTest {
    private static final int ROUNDS = 6;
    private static final int RECORDS = 100;
    private static final long SEGMENT_BYTES = 200_000;

    private static final int MEMORY_BYTES = 2_000;

    @TempDir Path directory;
    private Path store;

    /** A store of many segments, in which each record was written once in each round. */
    @BeforeEach
    void fill() {
        store = directory.resolve("store");
        try (Loam loam = open()) {
            for (int round = 0; round < ROUNDS; round++) {
                putAll(loam.vault("main"), round);
            }
            assertThat(loam.stats().logSegments()).isGreaterThan(4);
        }
    }

    /** At once, so that they share their forces. */
    private static void putAll(Vault vault, int round) {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < RECORDS; i++) {
                Memory memory = memory(i, round);
                callers.execute(() -> vault.put(memory));
            }
        }
    }

    private static Memory memory(int i, int round) {
        return Memory.of("round " + round + " " + "x".repeat(MEMORY_BYTES)).key("k" + i);
    }

    private Loam open() {
        return Loam.open(store, LoamOptions.unencrypted(), RecordPlacesTest::small);
    }

    private static LogOptions small(LogOptions options) {
        return options.segmentBytesMax(SEGMENT_BYTES);
    }

    private Store openStore() {
        return Store.open(store, LoamOptions.unencrypted(), RecordPlacesTest::small);
    }

    private static RecordId record(Store opened, String key) {
        return new RecordId(opened.state().named("main").orElseThrow().id(), key);
    }

    /** Of the segments that are small: which writes share one is not known before. */
    private static long entriesWithoutAnnex(Store opened) {
        return opened.log().segments().stream()
                .filter(segment -> segment.bytes() <= RecordPlaces.READ_WHOLE_BYTES_MAX)
                .mapToLong(segment -> segment.last().number() - segment.first().number() + 1)
                .sum();
    }

    /** Of segments that have none now: those left open, and small ones. */
    private long entriesBesideNoAnnex(Store opened) {
        Path log = store.resolve("log");
        return opened.log().segments().stream()
                .filter(
                        segment ->
                                Files.notExists(
                                        log.resolve("%016d".formatted(segment.number()))
                                                .resolve("ANNEX")))
                .mapToLong(segment -> segment.last().number() - segment.first().number() + 1)
                .sum();
    }

    private static RecordPast past(Store opened, EntryReader entries, String key) {
        try (PastReader reader =
                new PastReader(
                        opened.places().look(),
                        entries,
                        record(opened, key),
                        Optional.empty(),
                        new TreeMap<>())) {
            return reader.read();
        }
    }

    private List<Path> annexes() throws IOException {
        try (Stream<Path> files = Files.walk(store)) {
            return files.filter(file -> file.endsWith("ANNEX")).sorted().toList();
        }
    }

    private static List<Change> texts(History history) {
        return history.changes().stream().filter(each -> each.name().equals("text")).toList();
    }

    @Test
    void thePastOfARecordIsReadWithoutReadingTheLog() {
        try (Store opened = openStore()) {
            EntryReader entries = new EntryReader(opened.log());
            assertThat(past(opened, entries, "k7").steps()).hasSize(ROUNDS);
            assertThat(past(opened, entries, "k99").steps()).hasSize(ROUNDS);
            assertThat(past(opened, entries, "absent").steps()).isEmpty();
            assertThat(entries.entriesRead()).isEqualTo(2 * ROUNDS);
            assertThat(opened.places().entriesScanned()).isEqualTo(entriesWithoutAnnex(opened));
        }
    }

    @Test
    void whatAnAuthorHadSeenIsReadOnceForAllThatItWroteThen() throws Exception {
        int updates = 20;
        try (Loam phone = TestStores.open(directory.resolve("phone"));
                Loam laptop = open()) {
            PairedStores.pair(laptop, phone);
            PairedStores.sync(laptop, phone);
            phone.vault("main").update("k7", Update.none().text("by phone"));
            PairedStores.sync(laptop, phone);
            for (int i = 0; i < updates; i++) {
                laptop.vault("main").update("k7", Update.none().text("by laptop " + i));
            }
        }
        try (Store opened = openStore();
                EntryReader entries = new EntryReader(opened.log())) {
            assertThat(past(opened, entries, "k7").steps()).hasSize(ROUNDS + 1 + updates);
            assertThat(entries.entriesRead()).isLessThan(ROUNDS + 1 + updates + 10);
        }
    }

    @Test
    void theSegmentThatIsBeingWrittenIsAnsweredFromMemory() {
        try (Loam loam = open()) {
            for (int more = 1; more <= 2; more++) {
                loam.vault("main").put(memory(7, ROUNDS + more));
                List<Change> texts = texts(loam.vault("main").history("k7"));
                assertThat(texts).hasSize(ROUNDS + more);
                assertThat(texts.getLast().to())
                        .contains(new Value.Text(memory(7, ROUNDS + more).text()));
            }
        }
    }

    @Test
    void anAnnexThatIsMissingOrDamagedIsMadeAgainOnce() throws IOException {
        List<Path> written = annexes();
        assertThat(written).hasSizeGreaterThan(4);
        List<byte[]> contents = new ArrayList<>();
        for (Path annex : written) {
            contents.add(Files.readAllBytes(annex));
        }
        Files.delete(written.get(0));
        byte[] flipped = contents.get(1).clone();
        flipped[flipped.length / 2] ^= 4;
        Files.write(written.get(1), flipped);
        // One of a newer form, whole and rightly summed by the log.
        try (Store opened = openStore()) {
            opened.log().writeAnnex(3, Bytes.fromHex("0200000000000000"));
        }
        try (Loam loam = open()) {
            History history = loam.vault("main").history("k7");
            assertThat(history.complete()).isTrue();
            assertThat(texts(history)).hasSize(ROUNDS);
            assertThat(loam.openReport().notes()).isEmpty();
        }
        for (int i = 0; i < written.size(); i++) {
            assertThat(written.get(i)).hasBinaryContent(contents.get(i));
        }
        try (Store opened = openStore();
                EntryReader entries = new EntryReader(opened.log())) {
            past(opened, entries, "k7");
            assertThat(opened.places().entriesScanned()).isEqualTo(entriesWithoutAnnex(opened));
        }
    }

    @Test
    void aSegmentThatWasLeftOpenIsReadOnce() throws IOException {
        Path crashed = directory.resolve("crashed");
        try (Loam loam = open()) {
            putAll(loam.vault("main"), ROUNDS);
            putAll(loam.vault("main"), ROUNDS + 1);
            copy(store, crashed);
        }
        store = crashed;
        try (Store opened = openStore()) {
            EntryReader entries = new EntryReader(opened.log());
            long leftOpen = entriesBesideNoAnnex(opened);
            assertThat(past(opened, entries, "k7").steps()).hasSize(ROUNDS + 2);
            long scanned = opened.places().entriesScanned();
            assertThat(scanned).isPositive().isLessThanOrEqualTo(leftOpen);
            assertThat(past(opened, entries, "k8").steps()).hasSize(ROUNDS + 2);
            assertThat(opened.places().entriesScanned()).isEqualTo(scanned);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                // Opening LOCK and closing it again would drop the lock of this process.
                // An annex may be about to get its name.
                if (!file.endsWith("LOCK") && !file.toString().endsWith(".tmp")) {
                    Files.copy(file, to.resolve(from.relativize(file)));
                }
            }
        }
    }

    @Test
    void whereTheLogIsDamagedAHistoryIsNotCompleteAndThePastIsNotGuessed() throws IOException {
        Path annex = annexThatLists("k7");
        Path segment = annex.resolveSibling("19700101-000001S.cq4");
        byte[] content = Files.readAllBytes(segment);
        new Random(1).nextBytes(content);
        Files.write(segment, content);
        assertIsIncomplete();
        // Made again from what is left, the annex lists nothing of what is lost.
        Files.delete(annex);
        assertIsIncomplete();
        assertIsIncomplete();
    }

    /** Which writes share a segment is not known before. */
    private Path annexThatLists(String key) {
        try (Store opened = openStore()) {
            List<Long> positions = new ArrayList<>();
            opened.places()
                    .look()
                    .forEach(RecordHash.ofRecord(record(opened, key)), positions::add);
            return opened.log().segments().stream()
                    .filter(
                            segment ->
                                    positions.stream()
                                            .map(Position::new)
                                            .anyMatch(
                                                    at ->
                                                            !at.isAfter(segment.last())
                                                                    && !segment.first()
                                                                            .isAfter(at)))
                    .map(segment -> "log/%016x/ANNEX".formatted(segment.number()))
                    .map(store::resolve)
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void assertIsIncomplete() {
        try (Loam loam = open()) {
            History history = loam.vault("main").history("k7");
            assertThat(history.complete()).isFalse();
            assertThat(history.changes()).isNotEmpty();
            assertThat(loam.vault("main").get("k7").orElseThrow().text())
                    .isEqualTo(memory(7, ROUNDS - 1).text());
            assertCode(
                    ErrorCode.CORRUPT,
                    () -> loam.vault("main").asOf(Instant.ofEpochMilli(1L << 50)).get("k7"));
        }
    }
}

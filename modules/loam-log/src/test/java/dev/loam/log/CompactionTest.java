package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One segment in place of many: whole, or not at all. */
class CompactionTest {
    private static final LogOptions OPTIONS = LogFixture.segmentsOf(11);

    /** What a log of 25 entries reads as, when 20 of them are compacted. */
    private static final List<String> COMPACTED =
            List.of(
                    "states 0",
                    "states 1",
                    "pack 1-15",
                    "pack 16-20",
                    "21",
                    "22",
                    "23",
                    "24",
                    "25");

    @TempDir(factory = MemoryTempDir.class)
    Path directory;

    private final TestLogs logs = newLogs();

    TestLogs newLogs() {
        return TestLogs.plain();
    }

    private Path store() {
        return directory.resolve("store");
    }

    private OpLog open(Path store, StoreFiles files) {
        return logs.open(store, OPTIONS, files);
    }

    private OpLog open(Path store) {
        return open(store, new QuickFiles());
    }

    private void compact(OpLog log) {
        try (SegmentDraft draft = log.draft(new Position(20), 100)) {
            write(draft);
            log.replace(draft);
        }
    }

    private static void write(SegmentDraft draft) {
        draft.addStates(Bytes.ofUtf8("states 0"));
        draft.addStates(Bytes.ofUtf8("states 1"));
        draft.addPack(15, Bytes.ofUtf8("pack 1-15"));
        draft.addPack(5, Bytes.ofUtf8("pack 16-20"));
        draft.seal();
    }

    private static List<String> summary(OpLog log) {
        return LogFixture.summary(LogFixture.read(log));
    }

    private static List<String> segments(Path store) throws IOException {
        try (Stream<Path> names = Files.list(LogFixture.logOf(store).path())) {
            return names.map(path -> path.getFileName().toString())
                    .filter(name -> !name.equals(Manifest.FILE_NAME))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void whatReplacedIsReadInPlaceOfWhatWasReplaced() throws IOException {
        try (OpLog log = open(store())) {
            LogFixture.appendSingly(log, 1, 25);
            assertThat(log.sealedEnds()).containsExactly(new Position(10), new Position(20));
            compact(log);
            assertThat(summary(log)).isEqualTo(COMPACTED);
            assertThat(log.compactedThrough()).isEqualTo(new Position(20));
            assertThat(log.verify((done, total) -> {}).damage()).isEmpty();
            LogFixture.appendSingly(log, 26, 26);
        }
        assertThat(segments(store())).containsExactly("0000000000000003", "0000000000000004");
        try (OpLog log = open(store())) {
            assertThat(log.report().notes()).isEmpty();
            assertThat(log.report().cleanlyClosed()).isTrue();
            assertThat(summary(log)).startsWith(COMPACTED.toArray(String[]::new)).endsWith("26");
            assertThat(log.verify((done, total) -> {}).damage()).isEmpty();
        }
    }

    @Test
    void draftIsReadFromTheDiskBeforeItCounts() {
        try (OpLog log = open(store())) {
            LogFixture.appendSingly(log, 1, 25);
            try (SegmentDraft draft = log.draft(new Position(20), 100)) {
                write(draft);
                try (LogReader reader = draft.read()) {
                    LogItem.States first = (LogItem.States) reader.next();
                    assertThat(first.ordinal()).isZero();
                    assertThat(first.payload()).isEqualTo(Bytes.ofUtf8("states 0"));
                    reader.next();
                    assertThat(reader.next())
                            .isEqualTo(
                                    new LogItem.Pack(
                                            new Position(1), 15, Bytes.ofUtf8("pack 1-15")));
                    reader.next();
                    assertThat(reader.hasNext()).isFalse();
                }
            }
            assertThat(summary(log)).isEqualTo(LogFixture.positions(1, 25));
        }
        try (OpLog log = open(store())) {
            assertThat(log.report().notes()).isEmpty();
            assertThat(summary(log)).isEqualTo(LogFixture.positions(1, 25));
        }
    }

    @Test
    void readerThatBeganBeforeGoesOnWithWhatWasReplaced() throws IOException {
        try (OpLog log = open(store())) {
            LogFixture.appendSingly(log, 1, 25);
            try (LogReader reader = log.readAfter(Position.START)) {
                reader.next();
                compact(log);
                assertThat(segments(store())).contains("0000000000000001", "0000000000000002");
                for (long position = 2; position <= 25; position++) {
                    assertThat(reader.next())
                            .isEqualTo(LogFixture.whole(position, position).getFirst());
                }
            }
            assertThat(segments(store())).doesNotContain("0000000000000001", "0000000000000002");
        }
    }

    @Test
    void readerThatStartsWithinBeginsWithThePackThatHoldsThePosition() {
        try (OpLog log = open(store())) {
            LogFixture.appendSingly(log, 1, 25);
            compact(log);
            assertThat(LogFixture.summary(LogFixture.read(log, 3)))
                    .startsWith("pack 1-15", "pack 16-20", "21");
            assertThat(LogFixture.summary(LogFixture.read(log, 15))).startsWith("pack 16-20", "21");
            assertThat(LogFixture.summary(LogFixture.read(log, 17))).startsWith("pack 16-20", "21");
            assertThat(LogFixture.summary(LogFixture.read(log, 20))).startsWith("21");
        }
    }

    @Test
    void statesAreReadAtTheirPlace() {
        try (OpLog log = open(store())) {
            LogFixture.appendSingly(log, 1, 25);
            compact(log);
            long segment = log.segments().getFirst().number();
            for (LogItem item : LogFixture.read(log).subList(0, 2)) {
                LogItem.States states = (LogItem.States) item;
                assertThat(log.statesAt(segment, states.place())).contains(states.payload());
                assertThat(log.statesAt(segment, states.place() + 4)).isEmpty();
                assertThat(log.statesAt(segment + 1, states.place())).isEmpty();
            }
        }
    }

    @Test
    void compactedSegmentIsCompactedAgain() {
        try (OpLog log = open(store())) {
            LogFixture.appendSingly(log, 1, 25);
            compact(log);
            LogFixture.appendSingly(log, 26, 35);
            try (SegmentDraft draft = log.draft(new Position(30), 100)) {
                draft.addStates(Bytes.ofUtf8("all"));
                draft.addPack(30, Bytes.EMPTY);
                draft.seal();
                log.replace(draft);
            }
        }
        try (OpLog log = open(store())) {
            assertThat(summary(log))
                    .containsExactly("states 0", "pack 1-30", "31", "32", "33", "34", "35");
            assertThat(log.verify((done, total) -> {}).damage()).isEmpty();
        }
    }

    @Test
    void largePayloadsFitIfTheyAreAnnounced() {
        Bytes large = Bytes.adopt(new byte[3 << 20]);
        try (OpLog log = open(store())) {
            LogFixture.appendSingly(log, 1, 10);
            log.roll();
            try (SegmentDraft draft = log.draft(new Position(10), large.size())) {
                draft.addStates(large);
                draft.addPack(10, large);
                draft.seal();
                log.replace(draft);
            }
            List<LogItem> items = LogFixture.read(log);
            assertThat(((LogItem.States) items.getFirst()).payload()).isEqualTo(large);
            assertThat(items.get(1)).isEqualTo(new LogItem.Pack(new Position(1), 10, large));
        }
    }

    /** Cuts the compaction short at each of its calls, as a kill or a broken disk would. */
    @Test
    void cutShortAnywhereTheLogIsAsBeforeOrAsAfter() throws IOException {
        boolean wasOld = false;
        boolean wasNew = false;
        for (String reason : List.of(FaultyFiles.BROKEN, FaultyFiles.DISK_FULL)) {
            boolean hasFailed = true;
            for (int call = 1; hasFailed; call++) {
                Path store = directory.resolve(reason.length() + "-" + call);
                Path image = directory.resolve(store.getFileName() + "-image");
                try (OpLog log = open(store)) {
                    LogFixture.appendSingly(log, 1, 25);
                }
                FaultyFiles files = FaultyFiles.armedLater(reason);
                try (OpLog log = open(store, files)) {
                    files.failAt(call);
                    try {
                        compact(log);
                    } catch (LoamException refused) {
                        assertThat(summary(log)).isEqualTo(LogFixture.positions(1, 25));
                    }
                    hasFailed = files.hasFailed();
                    logs.copy(store, image);
                }
                try (OpLog log = open(image)) {
                    List<String> found = summary(log);
                    assertThat(found).isIn(COMPACTED, LogFixture.positions(1, 25));
                    wasOld |= !found.equals(COMPACTED);
                    wasNew |= found.equals(COMPACTED);
                    assertThat(log.report().damage()).isEmpty();
                    assertThat(log.verify((done, total) -> {}).damage()).isEmpty();
                    LogFixture.appendSingly(log, 26, 55);
                }
                try (OpLog log = open(image)) {
                    assertThat(summary(log))
                            .endsWith(LogFixture.positions(21, 55).toArray(String[]::new));
                    assertThat(log.report().notes()).isEmpty();
                }
                assertThat(segments(image)).noneMatch(name -> name.contains("."));
            }
        }
        assertThat(wasOld).isTrue();
        assertThat(wasNew).isTrue();
    }

    @Test
    void whatAnOpeningHadNoRoomToEndIsEndedBeforeItIsReplaced() throws IOException {
        try (OpLog log = logs.openKilledOnAFullDisk(directory, OPTIONS, 20)) {
            compact(log);
            LogFixture.appendSingly(log, 21, 22);
        }
        try (OpLog log = open(directory.resolve("killed"))) {
            assertThat(summary(log))
                    .isEqualTo(
                            List.of("states 0", "states 1", "pack 1-15", "pack 16-20", "21", "22"));
            assertThat(log.report().damage()).isEmpty();
        }
    }

    private Path compactedStore() throws IOException {
        try (OpLog log = open(store())) {
            LogFixture.appendSingly(log, 1, 25);
            compact(log);
        }
        return store();
    }

    @Test
    void manifestIsMadeAgainFromACompactedLog() throws IOException {
        Path store = compactedStore();
        Files.delete(LogFixture.logOf(store).manifest());
        try (OpLog log = open(store)) {
            assertThat(summary(log)).isEqualTo(COMPACTED);
            assertThat(log.report().damage()).isEmpty();
        }
        LogDirectory log = LogFixture.logOf(store);
        Files.delete(log.manifest());
        Files.delete(log.footer(4));
        try (OpLog again = open(store)) {
            assertThat(summary(again)).isEqualTo(COMPACTED);
            assertThat(again.verify((done, total) -> {}).damage()).isEmpty();
        }
    }

    @Test
    void wholeResultStandsForWhatItReplacedEvenWithoutTheManifest() throws IOException {
        try (OpLog log = open(store())) {
            LogFixture.appendSingly(log, 1, 25);
        }
        Path before = logs.copy(store(), directory.resolve("before"));
        try (OpLog log = open(store())) {
            compact(log);
        }
        LogDirectory log = LogFixture.logOf(store());
        LogFixture.copy(LogFixture.logOf(before).segment(1), log.segment(1));
        Files.delete(log.manifest());
        try (OpLog again = open(store())) {
            assertThat(summary(again)).isEqualTo(COMPACTED);
            assertThat(again.report().damage()).isEmpty();
        }
        assertThat(segments(store())).doesNotContain("0000000000000001");
    }

    @Test
    void footerIsMadeAgain() throws IOException {
        Path store = compactedStore();
        Files.delete(LogFixture.logOf(store).footer(4));
        try (OpLog log = open(store)) {
            assertThat(summary(log)).isEqualTo(COMPACTED);
            assertThat(log.verify((done, total) -> {}).damage()).isEmpty();
        }
    }

    @Test
    void damageIsNamedAndTheRestIsRead() throws IOException {
        Path store = compactedStore();
        Path frames = LogFixture.logOf(store).frames(4);
        byte[] content = Files.readAllBytes(frames);
        List<Long> payloads = payloadsIn(frames);
        List<String> texts = List.of("states 0", "states 1", "pack 1-15", "pack 16-20");
        for (int i = 0; i < texts.size(); i++) {
            byte[] damaged = content.clone();
            damaged[Math.toIntExact(payloads.get(i))] ^= 1;
            Files.write(frames, damaged);
            List<String> expected =
                    switch (texts.get(i)) {
                        case "states 0" -> List.of("lost states", "states 1");
                        case "states 1" -> List.of("states 0", "lost states");
                        case "pack 1-15" -> List.of("damaged 1-15", "pack 16-20");
                        default -> List.of("pack 1-15", "damaged 16-20");
                    };
            try (OpLog log = open(store)) {
                assertThat(summary(log)).containsSubsequence(expected);
                assertThat(summary(log)).hasSize(COMPACTED.size());
                assertThat(summary(log)).endsWith("21", "22", "23", "24", "25");
                assertThat(log.verify((done, total) -> {}).damage()).isNotEmpty();
            }
        }
        Files.delete(frames);
        try (OpLog log = open(store)) {
            assertThat(summary(log)).startsWith("lost states", "damaged 1-20", "21");
        }
    }

    /** Where in the file the payloads of segment 4 begin. */
    private static List<Long> payloadsIn(Path frames) throws IOException {
        List<Long> payloads = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(frames)) {
            SegmentHead head = SegmentFile.readHead(channel, 4).orElseThrow();
            SegmentCursor cursor = new SegmentCursor(channel, head.name(), channel.size(), 65536);
            long expected = head.firstPosition();
            for (Frame frame = cursor.next(expected);
                    frame != null;
                    frame = cursor.next(expected)) {
                if (frame.holdsPayload()) {
                    payloads.add(LogFixture.payloadIn(cursor.wordOffset()));
                }
                expected = frame.next();
            }
        }
        return payloads;
    }
}

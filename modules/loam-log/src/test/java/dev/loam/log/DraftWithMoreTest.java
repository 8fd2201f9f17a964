package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A segment in place of the whole log, with positions that the log never had. */
class DraftWithMoreTest {
    @TempDir(factory = MemoryTempDir.class)
    Path directory;

    private final TestLogs logs = newLogs();

    TestLogs newLogs() {
        return TestLogs.plain();
    }

    private Path store() {
        return directory.resolve("store");
    }

    private OpLog open(Path store) {
        return logs.open(store, LogFixture.segmentsOf(11), new QuickFiles());
    }

    private static void replaceAll(OpLog log, int more) {
        try (SegmentDraft draft = log.draftWithMore(more, 100)) {
            write(draft, more);
            log.replace(draft);
        }
    }

    private static void write(SegmentDraft draft, int more) {
        int before = (int) draft.last().number() - more;
        draft.addStates(Bytes.ofUtf8("states 0"));
        if (before > 0) {
            draft.addPack(before, Bytes.ofUtf8("pack 1-13"));
        }
        draft.addPack(more, Bytes.ofUtf8("pack 14-18"));
        draft.seal();
    }

    private static List<String> summary(OpLog log) {
        return LogFixture.summary(LogFixture.read(log));
    }

    @Test
    void theLogGoesOnBehindThePositionsThatWereAdded() {
        List<String> expected = List.of("states 0", "pack 1-13", "pack 14-18", "19");
        try (OpLog log = open(store())) {
            LogFixture.appendSingly(log, 1, 13);
            replaceAll(log, 5);
            assertThat(log.end()).isEqualTo(new Position(18));
            assertThat(log.forced()).isEqualTo(new Position(18));
            LogFixture.appendSingly(log, 19, 19);
            assertThat(log.end()).isEqualTo(new Position(19));
            assertThat(log.segmentCount()).isEqualTo(2);
            assertThat(summary(log)).isEqualTo(expected);
            assertThat(log.verify((done, total) -> {}).damage()).isEmpty();
        }
        try (OpLog log = open(store())) {
            assertThat(log.report().notes()).isEmpty();
            assertThat(log.end()).isEqualTo(new Position(19));
            assertThat(log.verify((done, total) -> {}).damage()).isEmpty();
        }
    }

    @Test
    void whatAnOpeningHadNoRoomToEndIsEndedBeforeItIsReplaced() throws IOException {
        try (OpLog log = logs.openKilledOnAFullDisk(directory, LogFixture.segmentsOf(11), 13)) {
            replaceAll(log, 5);
            LogFixture.appendSingly(log, 19, 19);
        }
        try (OpLog log = open(directory.resolve("killed"))) {
            assertThat(summary(log))
                    .isEqualTo(List.of("states 0", "pack 1-13", "pack 14-18", "19"));
            assertThat(log.report().damage()).isEmpty();
        }
    }

    @Test
    void aLogThatHoldsNothingBeginsWithIt() {
        try (OpLog log = open(store())) {
            replaceAll(log, 3);
            assertThat(log.end()).isEqualTo(new Position(3));
        }
        try (OpLog log = open(store())) {
            assertThat(log.end()).isEqualTo(new Position(3));
            assertThat(log.compactedThrough()).isEqualTo(new Position(3));
            LogFixture.appendSingly(log, 4, 4);
        }
    }

    /** Killed after the segment was moved to its place and before the list names it. */
    @Test
    void aSegmentThatIsNotListedDoesNotCount() throws IOException {
        Path other = directory.resolve("other");
        try (OpLog log = open(store())) {
            LogFixture.appendSingly(log, 1, 13);
        }
        logs.copy(store(), other);
        try (OpLog log = open(store())) {
            replaceAll(log, 5);
        }
        Path placed = LogFixture.logOf(store()).segment(3);
        assertThat(placed).exists();
        copyTree(placed, LogFixture.logOf(other).segment(3));

        try (OpLog log = open(other)) {
            assertThat(log.end()).isEqualTo(new Position(13));
            assertThat(log.compactedThrough()).isEqualTo(Position.START);
            assertThat(LogFixture.read(log)).hasSize(13);
        }
        assertThat(LogFixture.logOf(other).segment(3)).doesNotExist();
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}

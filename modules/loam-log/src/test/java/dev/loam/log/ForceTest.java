package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import dev.loam.core.Position;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is forced when, what the frames say of it, and what a later opening makes of that. */
class ForceTest {
    private static final LogOptions UNFORCED = LogFixture.OPTIONS.forcesGroups(false);

    @TempDir(factory = MemoryTempDir.class)
    Path directory;

    private final TestLogs logs = newLogs();

    TestLogs newLogs() {
        return TestLogs.plain();
    }

    private Path store;

    @BeforeEach
    void nameStore() {
        store = directory.resolve("store");
    }

    private OpLog open(LogOptions options) {
        return logs.open(store, options, new QuickFiles());
    }

    private static void assertForced(OpLog log, long forced, long end) {
        assertThat(log.forced()).isEqualTo(new Position(forced));
        assertThat(log.end()).isEqualTo(new Position(end));
    }

    @Test
    void eachGroupIsForcedBeforeItIsAnswered() {
        try (OpLog log = open(LogFixture.OPTIONS)) {
            log.append(LogFixture.entries(1, 3));
            assertForced(log, 3, 3);
        }
        try (OpLog log = open(LogFixture.OPTIONS)) {
            assertForced(log, 3, 3);
        }
    }

    @Test
    void withoutForcesOfGroupsOnlyForceAndRollingAndClosingForce() {
        FaultyFiles files = FaultyFiles.sound();
        LogOptions options = LogFixture.segmentsOf(8).forcesGroups(false);
        try (OpLog log = logs.open(store, options, files)) {
            LogFixture.appendSingly(log, 1, 3);
            assertForced(log, 0, 3);
            assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, 3));
            log.force();
            assertForced(log, 3, 3);
            log.append(LogFixture.entries(4, 6));
            assertForced(log, 3, 6);
            log.append(LogFixture.entries(7, 10));
            assertForced(log, 6, 10);
        }
        try (OpLog log = open(options)) {
            assertThat(log.report().cleanlyClosed()).isTrue();
            assertForced(log, 10, 10);
            assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, 10));
        }
    }

    @Test
    void appendWithoutForceDoesNotMeetAFailingForceAndForceDoes() {
        FaultyFiles files = FaultyFiles.sound();
        OpLog log = logs.open(store, UNFORCED, files);
        LogFixture.appendSingly(log, 1, 2);
        files.failNextForce();
        LogFixture.appendSingly(log, 3, 3);
        OpLogContract.assertCode(log::force, ErrorCode.IO_FAILED);
        assertForced(log, 0, 3);
        OpLogContract.assertCode(log::force, ErrorCode.IO_FAILED);
        OpLogContract.assertCode(() -> log.append(LogFixture.entries(4, 4)), ErrorCode.IO_FAILED);
        assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, 3));
        log.close();
        try (OpLog again = open(UNFORCED)) {
            assertThat(LogFixture.read(again)).isEqualTo(LogFixture.whole(1, 3));
            LogFixture.appendSingly(again, 4, 4);
        }
    }

    @Test
    void framesSayHowManyBeforeThemWereNotForced() throws IOException {
        try (OpLog log = open(UNFORCED)) {
            LogFixture.appendSingly(log, 1, 2);
            log.append(LogFixture.entries(3, 4));
            log.force();
            LogFixture.appendSingly(log, 5, 6);
        }
        assertThat(frames(1))
                .containsExactly(
                        "1 at 1 unforced 0",
                        "2 at 1 unforced 0",
                        "2 at 2 unforced 1",
                        "2 at 3 unforced 2",
                        "2 at 4 unforced 3",
                        "2 at 5 unforced 0",
                        "2 at 6 unforced 1",
                        "5 at 7 unforced 2");
    }

    @Test
    void forceOfAnIdleLogAddsOneMarkThatVouchesForTheLastGroup() throws IOException {
        try (OpLog log = open(LogFixture.OPTIONS)) {
            log.force();
            assertThat(log.segmentCount()).isZero();
            LogFixture.appendSingly(log, 1, 2);
            for (int i = 0; i < 3; i++) {
                log.force();
            }
            log.append(LogFixture.entries(3, 4));
        }
        assertThat(frames(1))
                .containsExactly(
                        "1 at 1 unforced 0",
                        "2 at 1 unforced 0",
                        "2 at 2 unforced 0",
                        "6 at 3 unforced 0",
                        "2 at 3 unforced 0",
                        "2 at 4 unforced 1",
                        "5 at 5 unforced 0");
    }

    @Test
    void forceThatHadSomethingToForceAddsNoMarkAndTheNextOneDoes() throws IOException {
        Path image = directory.resolve("image");
        try (OpLog log = open(UNFORCED)) {
            LogFixture.appendSingly(log, 1, 2);
            log.force();
            logs.copy(store, image);
            log.force();
        }
        store = image;
        assertThat(frames(1)).last().isEqualTo("2 at 2 unforced 1");
        store = directory.resolve("store");
        assertThat(frames(1)).contains("6 at 3 unforced 0");
    }

    @Test
    void damageToAMarkedGroupIsToldAndItsPositionsAreNotGivenOutAgain() throws IOException {
        Path image = directory.resolve("image");
        try (OpLog log = open(LogFixture.OPTIONS)) {
            LogFixture.appendSingly(log, 1, 3);
            log.append(LogFixture.entries(4, 6));
            log.force();
            logs.copy(store, image);
        }
        Path file = LogFixture.logOf(image).frames(1);
        LogFixture.flip(file, LogFixture.payloadIn(LogFixture.offsetOf(image, 1, 5)), 1);
        LogFixture.flip(file, LogFixture.payloadIn(LogFixture.offsetOf(image, 1, 6)), 1);
        try (OpLog log = logs.openQuickly(image)) {
            assertThat(log.report().damage()).hasSize(1);
            assertThat(log.end()).isEqualTo(new Position(6));
            assertThat(LogFixture.summary(LogFixture.read(log)))
                    .containsExactly("1", "2", "3", "4", "damaged 5-6");
            LogFixture.appendSingly(log, 7, 8);
        }
        try (OpLog log = logs.openQuickly(image)) {
            assertThat(LogFixture.summary(LogFixture.read(log)))
                    .containsExactly("1", "2", "3", "4", "damaged 5-6", "7", "8");
        }
    }

    @Test
    void damageToAGroupThatNothingVouchesForIsCut() throws IOException {
        for (LogOptions options : List.of(LogFixture.OPTIONS, UNFORCED)) {
            Path each = directory.resolve("store" + options.forcesGroups());
            Path image = directory.resolve("image" + options.forcesGroups());
            try (OpLog log = logs.open(each, options, new QuickFiles())) {
                log.append(LogFixture.entries(1, 2));
                LogFixture.appendSingly(log, 3, 3);
                logs.copy(each, image);
            }
            Path file = LogFixture.logOf(image).frames(1);
            LogFixture.flip(file, LogFixture.payloadIn(LogFixture.offsetOf(image, 1, 3)), 1);
            try (OpLog log = logs.openQuickly(image)) {
                assertThat(log.report().damage()).isEmpty();
                assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, 2));
            }
        }
    }

    @Test
    void unforcedGroupsBehindABreakAreCutHoweverManyCameAfter() throws IOException {
        Path image = directory.resolve("image");
        try (OpLog log = open(UNFORCED)) {
            LogFixture.appendSingly(log, 1, 3);
            log.force();
            LogFixture.appendSingly(log, 4, 9);
            logs.copy(store, image);
        }
        Path file = LogFixture.logOf(image).frames(1);
        LogFixture.flip(file, LogFixture.payloadIn(LogFixture.offsetOf(image, 1, 5)), 1);
        try (OpLog log = logs.openQuickly(image)) {
            assertThat(log.report().damage()).isEmpty();
            assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, 4));
        }
    }

    @Test
    void markedLogIsReadFromAnyPositionAndVerified() {
        try (OpLog log = logs.openChronicle(store, LogFixture.segmentsOf(90))) {
            for (int first = 1; first <= 141; first += 10) {
                log.append(LogFixture.entries(first, first + 9));
                log.force();
            }
            checkMarked(log);
        }
        try (OpLog log = open(LogFixture.OPTIONS)) {
            checkMarked(log);
        }
    }

    private static void checkMarked(OpLog log) {
        for (long after = 0; after <= 150; after++) {
            assertThat(LogFixture.read(log, after)).isEqualTo(LogFixture.whole(after + 1, 150));
        }
        LogVerification verified = log.verify((done, total) -> {});
        assertThat(verified.damage()).isEmpty();
        assertThat(verified.batches()).isEqualTo(150);
    }

    @Test
    void markedLogThatWasNotClosedIsReadAndWrittenOn() throws IOException {
        Path image = directory.resolve("image");
        try (OpLog log = open(LogFixture.OPTIONS)) {
            LogFixture.appendSingly(log, 1, 5);
            log.force();
            logs.copy(store, image);
        }
        try (OpLog log = logs.openQuickly(image)) {
            assertThat(log.report().cleanlyClosed()).isFalse();
            assertThat(log.report().damage()).isEmpty();
            LogFixture.appendSingly(log, 6, 8);
            assertThat(log.verify((done, total) -> {}).damage()).isEmpty();
        }
        try (OpLog log = logs.openQuickly(image)) {
            assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, 8));
        }
    }

    @Test
    void anythingThrownWhileWritingLatchesAtEachLevel() {
        for (LogOptions options : List.of(LogFixture.OPTIONS, UNFORCED)) {
            for (Throwable thrown :
                    List.of(new InternalError("unsafe access"), new IllegalStateException("x"))) {
                Path each =
                        directory.resolve(
                                options.forcesGroups() + thrown.getClass().getSimpleName());
                FailingAppender.Control control = new FailingAppender.Control();
                OpLog log = openFailing(each, options, control);
                LogFixture.appendSingly(log, 1, 3);
                control.thrown = thrown;
                assertLatched(log);
                control.thrown = null;
                assertRecovers(each, log, options);
            }
        }
    }

    @Test
    void whatIsNotReadBackLatchesAtEachLevelAndSoDoesAMark() {
        for (LogOptions options : List.of(LogFixture.OPTIONS, UNFORCED)) {
            Path each = directory.resolve("swallows" + options.forcesGroups());
            FailingAppender.Control control = new FailingAppender.Control();
            OpLog log = openFailing(each, options, control);
            LogFixture.appendSingly(log, 1, 3);
            control.swallows = true;
            assertLatched(log);
            assertRecovers(each, log, options);

            Path marked = directory.resolve("mark" + options.forcesGroups());
            FailingAppender.Control again = new FailingAppender.Control();
            OpLog idle = openFailing(marked, LogFixture.OPTIONS, again);
            LogFixture.appendSingly(idle, 1, 3);
            again.swallows = true;
            OpLogContract.assertCode(idle::force, ErrorCode.IO_FAILED);
            assertLatched(idle);
            assertRecovers(marked, idle, options);
        }
    }

    private OpLog openFailing(Path store, LogOptions options, FailingAppender.Control control) {
        return logs.open(store, options, new QuickFiles(), FailingAppender.factory(control));
    }

    private static void assertLatched(OpLog log) {
        for (int i = 0; i < 2; i++) {
            OpLogContract.assertCode(
                    () -> log.append(LogFixture.entries(4, 4)), ErrorCode.IO_FAILED);
        }
        OpLogContract.assertCode(log::force, ErrorCode.IO_FAILED);
        assertThat(log.end()).isEqualTo(new Position(3));
        assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, 3));
    }

    private void assertRecovers(Path store, OpLog log, LogOptions options) {
        log.close();
        try (OpLog again = logs.open(store, options, new QuickFiles())) {
            assertThat(LogFixture.read(again)).isEqualTo(LogFixture.whole(1, 3));
            LogFixture.appendSingly(again, 4, 5);
            again.force();
            assertThat(again.forced()).isEqualTo(new Position(5));
        }
    }

    @Test
    void anotherThreadMayForceWhenTheWriterHasEnded() throws InterruptedException {
        try (OpLog log = open(UNFORCED)) {
            Thread writer = new Thread(() -> log.append(LogFixture.entries(1, 5)));
            writer.start();
            writer.join();
            log.force();
            assertForced(log, 5, 5);
        }
    }

    @Test
    void closedLogRefusesToForce() {
        OpLog log = open(UNFORCED);
        log.close();
        OpLogContract.assertCode(log::force, ErrorCode.CLOSED);
        OpLogContract.assertCode(log::freeReserve, ErrorCode.CLOSED);
    }

    /** Kind, position and unforced of each frame of a segment. */
    private List<String> frames(long number) throws IOException {
        List<String> frames = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(LogFixture.logOf(store).frames(number))) {
            SegmentHead head = SegmentFile.readHead(channel, number).orElseThrow();
            SegmentCursor cursor = new SegmentCursor(channel, head.name(), channel.size(), 65536);
            long expected = head.firstPosition();
            for (Frame frame = cursor.next(expected);
                    frame != null;
                    frame = cursor.next(expected)) {
                frames.add(
                        frame.kind() + " at " + frame.position() + " unforced " + frame.unforced());
                expected = frame.next();
            }
        }
        return frames;
    }
}

package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A call of the operating system that fails is told, loses nothing acknowledged and adds nothing.
 */
class FaultTest {
    private static final int APPENDS = 14;

    @TempDir(factory = MemoryTempDir.class)
    Path directory;

    private Path store;

    @BeforeEach
    void nameStore() {
        store = directory.resolve("store");
    }

    @Test
    void failedForceLatchesWritesWhileReadsGoOnAndReopeningEndsIt() {
        FaultyFiles files = FaultyFiles.sound();
        OpLog log = LogFixture.openPlain(store, LogFixture.OPTIONS, files);
        LogFixture.appendSingly(log, 1, 3);
        files.failNextForce();
        OpLogContract.assertCode(() -> log.append(LogFixture.entries(4, 4)), ErrorCode.IO_FAILED);
        assertThat(files.hasFailed()).isTrue();
        OpLogContract.assertCode(() -> log.append(LogFixture.entries(4, 4)), ErrorCode.IO_FAILED);
        assertThat(log.end()).isEqualTo(new Position(3));
        assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, 3));
        log.close();
        try (OpLog again = LogFixture.openPlain(store)) {
            assertThat(again.report().cleanlyClosed()).isFalse();
            assertThat(LogFixture.read(again).subList(0, 3)).isEqualTo(LogFixture.whole(1, 3));
            long end = again.end().number();
            LogFixture.appendSingly(again, end + 1, end + 2);
        }
    }

    @Test
    void whateverTheAppenderThrowsLatchesWrites() {
        for (Throwable thrown :
                List.of(
                        new InternalError("a fault occurred in an unsafe memory access operation"),
                        new BufferOverflowException(),
                        new IllegalStateException("closed"))) {
            Path each = directory.resolve(thrown.getClass().getSimpleName());
            FailingAppender.Control control = new FailingAppender.Control();
            OpLog log =
                    OpLog.open(
                            each,
                            LogFixture.OPTIONS,
                            new QuickFiles(),
                            FailingAppender.factory(control),
                            new Random(1));
            LogFixture.appendSingly(log, 1, 3);
            control.thrown = thrown;
            OpLogContract.assertCode(
                    () -> log.append(LogFixture.entries(4, 4)), ErrorCode.IO_FAILED);
            control.thrown = null;
            OpLogContract.assertCode(
                    () -> log.append(LogFixture.entries(4, 4)), ErrorCode.IO_FAILED);
            assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, 3));
            log.close();
            try (OpLog again = LogFixture.openPlain(each)) {
                assertThat(LogFixture.read(again)).isEqualTo(LogFixture.whole(1, 3));
            }
        }
    }

    @Test
    void appendThatCannotBeReadBackIsNeverAcknowledged() {
        FailingAppender.Control control = new FailingAppender.Control();
        OpLog log =
                OpLog.open(
                        store,
                        LogFixture.OPTIONS,
                        new QuickFiles(),
                        FailingAppender.factory(control),
                        new Random(1));
        LogFixture.appendSingly(log, 1, 3);
        control.swallows = true;
        OpLogContract.assertCode(() -> log.append(LogFixture.entries(4, 4)), ErrorCode.IO_FAILED);
        assertThat(log.end()).isEqualTo(new Position(3));
        log.close();
    }

    @ParameterizedTest
    @EnumSource
    void fullDiskIsMetBeforeAnythingIsAppendedAndWritingGoesOnWithSpace(Shape shape) {
        int untouched = everyNthCallFails(FaultyFiles.DISK_FULL, shape);
        assertThat(untouched).isGreaterThan(60);
    }

    @ParameterizedTest
    @EnumSource
    void brokenDiskIsToldAndLosesNothingAcknowledged(Shape shape) {
        int untouched = everyNthCallFails(FaultyFiles.BROKEN, shape);
        assertThat(untouched).isGreaterThan(60);
    }

    @ParameterizedTest
    @EnumSource
    void diskThatStaysFullIsToldEachTimeAndWrittenToOnceThereIsSpace(Shape shape) {
        for (int call = 1; ; call++) {
            Path each = directory.resolve("full-from-" + call);
            FaultyFiles files = FaultyFiles.fullFrom(call);
            Workload workload = new Workload(each, files, FaultyFiles.DISK_FULL, shape);
            workload.runOnAFullDisk(files);
            workload.judge();
            if (!files.hasFailed()) {
                assertThat(call).isGreaterThan(25);
                return;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void diskThatStaysBrokenIsToldAndLosesNothingAcknowledged(Shape shape) {
        for (int call = 1; ; call++) {
            Path each = directory.resolve("broken-from-" + call);
            FaultyFiles files = FaultyFiles.failingFrom(call, FaultyFiles.BROKEN);
            Workload workload = new Workload(each, files, FaultyFiles.BROKEN, shape);
            workload.run();
            workload.judge();
            if (!files.hasFailed()) {
                assertThat(call).isGreaterThan(60);
                return;
            }
        }
    }

    /** The keys lie on the same disk. */
    @ParameterizedTest
    @EnumSource(names = {"DISK_FULL", "IO_FAILED"})
    void keysThatCannotBeKeptAreToldAndLoseNothingAcknowledged(ErrorCode code) {
        for (int call = 1; ; call++) {
            Workload workload =
                    new Workload(
                            directory.resolve("key-" + call),
                            new QuickFiles(),
                            FaultyFiles.DISK_FULL,
                            Shape.SEALED);
            TestSealing sealing = workload.sealing.orElseThrow();
            sealing.failAt(call, new LoamException(code, "the keys cannot be kept. Try again"));
            workload.run();
            boolean hasFailed = sealing.hasFailed();
            sealing.mend();
            workload.judge();
            if (!hasFailed) {
                assertThat(call).isGreaterThan(8);
                return;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void appenderThatFailsAtAnyFrameLosesNothingAcknowledged(Shape shape) {
        for (int frame = 1; ; frame++) {
            FailingAppender.Control control = new FailingAppender.Control();
            control.failingFrame = frame;
            Workload workload =
                    new Workload(
                            directory.resolve("frame-" + frame),
                            new QuickFiles(),
                            FailingAppender.factory(control),
                            FaultyFiles.DISK_FULL,
                            shape);
            workload.run();
            workload.judge();
            if (control.failingFrame > 0) {
                assertThat(frame).isGreaterThan(APPENDS);
                return;
            }
        }
    }

    /** Runs the workload with a fault at call 1, 2, ... until there is no such call. */
    private int everyNthCallFails(String reason, Shape shape) {
        for (int call = 1; ; call++) {
            FaultyFiles files = FaultyFiles.failingAt(call, reason);
            Path each = directory.resolve(reason.substring(0, 2) + call);
            Workload workload = new Workload(each, files, reason, shape);
            workload.run();
            workload.judge();
            if (!files.hasFailed()) {
                return call;
            }
        }
    }

    /** How a log is kept. */
    private enum Shape {
        FORCED,
        UNFORCED,
        SEALED
    }

    private static final class Workload {
        private final Path store;
        private final StoreFiles files;
        private final LogOptions options;
        private final Optional<TestSealing> sealing;
        private final SegmentAppender.Factory appenders;
        private final Set<ErrorCode> allowed;
        private final List<String> acknowledged = new ArrayList<>();
        private final Set<String> neverWritten = new TreeSet<>();
        private final Set<String> sent = new TreeSet<>();

        Workload(Path store, StoreFiles files, String reason, Shape shape) {
            this(store, files, PlainSegment::create, reason, shape);
        }

        Workload(
                Path store,
                StoreFiles files,
                SegmentAppender.Factory appenders,
                String reason,
                Shape shape) {
            this.store = store;
            this.files = files;
            this.appenders = appenders;
            this.options = LogFixture.segmentsOf(5).forcesGroups(shape != Shape.UNFORCED);
            this.sealing =
                    shape == Shape.SEALED ? Optional.of(new TestSealing()) : Optional.empty();
            this.allowed =
                    reason.equals(FaultyFiles.DISK_FULL)
                            ? Set.of(ErrorCode.DISK_FULL, ErrorCode.IO_FAILED)
                            : Set.of(ErrorCode.IO_FAILED);
        }

        void run() {
            for (int opening = 0; opening < 2; opening++) {
                try (OpLog log = open()) {
                    for (int i = 0; i < APPENDS / 2; i++) {
                        append(log, "entry " + opening + "-" + i);
                        force(log, i);
                    }
                    assertThat(texts(log)).containsAll(acknowledged);
                } catch (LoamException refused) {
                    assertThat(allowed).contains(refused.code());
                }
            }
        }

        /** Once for what is not forced, twice for the MARK besides. */
        private void force(OpLog log, int times) {
            try {
                for (int i = 0; i < times % 3; i++) {
                    log.force();
                }
            } catch (LoamException refused) {
                assertThat(refused.code()).isEqualTo(ErrorCode.IO_FAILED);
            }
        }

        private OpLog open() {
            return open(options, files, appenders);
        }

        private OpLog open(LogOptions asked, StoreFiles disk, SegmentAppender.Factory segments) {
            return sealing.map(keys -> keys.open(store, asked, disk, segments))
                    .orElseGet(() -> OpLog.open(store, asked, disk, segments, new Random(7)));
        }

        /**
         * Whatever is refused for want of room succeeds in the same open log when there is some.
         */
        void runOnAFullDisk(FaultyFiles full) {
            for (int opening = 0; opening < 2; opening++) {
                try (OpLog log = open()) {
                    for (int i = 0; i < APPENDS / 2; i++) {
                        if (tryAppend(log, "refused " + opening + "-" + i)) {
                            continue;
                        }
                        assertThat(tryAppend(log, "again " + opening + "-" + i)).isFalse();
                        assertThat(texts(log)).isEqualTo(acknowledged);
                        full.mend();
                        assertThat(tryAppend(log, "mended " + opening + "-" + i)).isTrue();
                    }
                    assertThat(texts(log)).isEqualTo(acknowledged);
                } catch (LoamException refused) {
                    assertThat(refused.code()).isEqualTo(ErrorCode.DISK_FULL);
                    full.mend();
                }
            }
        }

        private boolean tryAppend(OpLog log, String name) {
            sent.add(name);
            try {
                log.append(List.of(Bytes.ofUtf8(name)));
                acknowledged.add(name);
                return true;
            } catch (LoamException refused) {
                assertThat(refused.code()).isEqualTo(ErrorCode.DISK_FULL);
                neverWritten.add(name);
                return false;
            }
        }

        private void append(OpLog log, String text) {
            for (int attempt = 0; attempt < 2; attempt++) {
                String name = text + "-" + attempt;
                try {
                    sent.add(name);
                    log.append(List.of(Bytes.ofUtf8(name)));
                    acknowledged.add(name);
                    return;
                } catch (LoamException refused) {
                    assertThat(allowed).contains(refused.code());
                    if (refused.code() == ErrorCode.DISK_FULL) {
                        neverWritten.add(name);
                        assertThat(attempt).as("writing goes on after a full disk").isZero();
                    }
                }
            }
        }

        void judge() {
            assertThat(sealing.map(TestSealing::open).orElse(0)).as("sealers left open").isZero();
            try (OpLog log = open(LogFixture.OPTIONS, new QuickFiles(), PlainSegment::create)) {
                List<String> found = texts(log);
                assertThat(found).doesNotHaveDuplicates();
                assertThat(found).noneMatch(neverWritten::contains);
                assertThat(sent).containsAll(found);
                assertThat(found.stream().filter(acknowledged::contains).toList())
                        .isEqualTo(acknowledged);
                assertThat(log.report().damage()).isEmpty();
                assertThat(log.verify((done, total) -> {}).damage()).isEmpty();
                sealing.ifPresent(keys -> assertThat(keys.keyed()).hasSize(log.segmentCount()));
            }
        }

        private static List<String> texts(OpLog log) {
            List<String> texts = new ArrayList<>();
            for (LogItem item : LogFixture.read(log)) {
                texts.add(((LogItem.Entry) item).payload().toUtf8());
            }
            return texts;
        }
    }

    @Test
    void storeOnAFullDiskOpensAndIsReadAndWritesOnceThereIsSpace() throws IOException {
        Path image = directory.resolve("image");
        try (OpLog log = LogFixture.openQuickly(store)) {
            LogFixture.appendSingly(log, 1, 5);
            LogFixture.copy(store, image);
        }
        int footerReplace = 5;
        boolean isMet = false;
        for (int call = 1; call <= footerReplace; call++) {
            Path copy = LogFixture.copy(image, directory.resolve("full-" + call));
            FaultyFiles files = FaultyFiles.failingAt(call, FaultyFiles.DISK_FULL);
            try (OpLog log = LogFixture.openPlain(copy, LogFixture.OPTIONS, files)) {
                isMet |= log.report().notes().stream().anyMatch(n -> n.startsWith("DISK_FULL"));
                assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, 5));
                LogFixture.appendSingly(log, 6, 7);
            } catch (LoamException refused) {
                assertThat(refused.code()).isEqualTo(ErrorCode.DISK_FULL);
            }
            try (OpLog log = LogFixture.openQuickly(copy)) {
                assertThat(LogFixture.read(log).subList(0, 5)).isEqualTo(LogFixture.whole(1, 5));
            }
        }
        assertThat(isMet).isTrue();
    }

    @Test
    void whatMayNotBeReadIsToldWithTheRemedy() {
        LoamException refused =
                DiskFault.writing(
                        "opening the store",
                        store,
                        new AccessDeniedException(store.resolve("LOCK").toString()));
        assertThat(refused.code()).isEqualTo(ErrorCode.PERMISSIONS);
        assertThat(refused).hasMessageContaining("chmod").hasMessageContaining("LOCK");
        Path unmade = store.resolveSibling("new");
        assertThat(
                        DiskFault.writing(
                                "making the store",
                                unmade,
                                new AccessDeniedException(unmade.toString())))
                .hasMessageEndingWith("u+rwX " + unmade.getParent());
    }

    @Test
    void storeWithoutPermissionsIsRefusedWithTheRemedy() throws IOException {
        assumeFalse(
                System.getProperty("user.name").equals("root"),
                "root may read everything: not tried");
        LogFixture.openPlain(store).close();
        Files.setPosixFilePermissions(store, Set.of());
        try {
            OpLogContract.assertCode(() -> LogFixture.openPlain(store), ErrorCode.PERMISSIONS);
        } finally {
            Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rwx------"));
        }
    }
}

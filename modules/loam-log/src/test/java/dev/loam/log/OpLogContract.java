package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.core.StoreId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every log does, whoever appends to its files. */
abstract class OpLogContract {
    @TempDir Path directory;

    abstract OpLog open(Path store, LogOptions options);

    /** By which a payload is longer in the file. */
    int overheadBytes() {
        return 0;
    }

    private int smallPayloadBytesMax() {
        return ActiveSegment.SMALL_FRAME_BYTES_MAX - Frame.HEADER_BYTES - overheadBytes();
    }

    private Path store() {
        return directory.resolve("store");
    }

    private OpLog open() {
        return open(store(), LogFixture.OPTIONS);
    }

    @Test
    void positionsCountFromOneWithoutGaps() {
        try (OpLog log = open()) {
            assertThat(log.end()).isEqualTo(Position.START);
            assertThat(log.append(LogFixture.entries(1, 3))).isEqualTo(new Position(3));
            assertThat(log.append(LogFixture.entries(4, 4))).isEqualTo(new Position(4));
            assertThat(log.end()).isEqualTo(new Position(4));
        }
    }

    @Test
    void whatWasAppendedIsReadInOrderAtOnceAndAfterReopening() {
        try (OpLog log = open()) {
            log.append(LogFixture.entries(1, 70));
            LogFixture.appendSingly(log, 71, 90);
            assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, 90));
        }
        try (OpLog log = open()) {
            assertThat(log.end()).isEqualTo(new Position(90));
            assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, 90));
            LogFixture.appendSingly(log, 91, 95);
            assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, 95));
        }
    }

    @Test
    void readingBeginsBehindAnyPosition() {
        try (OpLog log = open(store(), LogFixture.segmentsOf(70))) {
            for (int first = 1; first <= 281; first += 20) {
                log.append(LogFixture.entries(first, first + 19));
            }
            for (long after = 0; after <= 300; after++) {
                assertThat(LogFixture.read(log, after)).isEqualTo(LogFixture.whole(after + 1, 300));
            }
        }
        try (OpLog log = open()) {
            for (long after = 0; after <= 300; after++) {
                assertThat(LogFixture.read(log, after)).isEqualTo(LogFixture.whole(after + 1, 300));
            }
        }
    }

    @Test
    void readerEndsWhereTheLogEndedWhenItWasMade() {
        try (OpLog log = open()) {
            log.append(LogFixture.entries(1, 2));
            try (LogReader reader = log.readAfter(Position.START)) {
                log.append(LogFixture.entries(3, 4));
                List<LogItem> items = new ArrayList<>();
                reader.forEachRemaining(items::add);
                assertThat(items).isEqualTo(LogFixture.whole(1, 2));
                assertThatThrownBy(reader::next).isInstanceOf(NoSuchElementException.class);
            }
        }
    }

    @Test
    void readerGoesOnWhileItsSegmentIsSealedAndTheLogClosed() {
        OpLog log = open(store(), LogFixture.segmentsOf(50));
        log.append(LogFixture.entries(1, 40));
        try (LogReader reader = log.readAfter(Position.START)) {
            assertThat(reader.next()).isEqualTo(LogFixture.whole(1, 1).getFirst());
            log.append(LogFixture.entries(41, 80));
            log.close();
            List<LogItem> items = new ArrayList<>();
            reader.forEachRemaining(items::add);
            assertThat(items).isEqualTo(LogFixture.whole(2, 40));
        }
    }

    @Test
    void closedReaderAndClosedLogSaySo() {
        OpLog log = open();
        log.append(LogFixture.entries(1, 2));
        LogReader reader = log.readAfter(Position.START);
        reader.close();
        reader.close();
        assertCode(reader::next, ErrorCode.CLOSED);
        log.close();
        log.close();
        assertCode(() -> log.append(LogFixture.entries(3, 3)), ErrorCode.CLOSED);
        assertCode(() -> log.readAfter(Position.START), ErrorCode.CLOSED);
    }

    @Test
    void emptyGroupDoesNothing() throws IOException {
        try (OpLog log = open()) {
            assertThat(log.append(List.of())).isEqualTo(Position.START);
            assertThat(log.segmentCount()).isZero();
        }
    }

    @Test
    void segmentIsSealedBeforeItHoldsMoreFramesThanAllowed() {
        try (OpLog log = open(store(), LogFixture.segmentsOf(11))) {
            LogFixture.appendSingly(log, 1, 10);
            assertThat(log.segmentCount()).isEqualTo(1);
            LogFixture.appendSingly(log, 11, 11);
            assertThat(log.segmentCount()).isEqualTo(2);
            assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, 11));
        }
    }

    @Test
    void segmentIsSealedBeforeItIsLongerThanAllowed() {
        LogOptions small = LogFixture.options(64 << 10, 1000, () -> Position.START);
        try (OpLog log = open(store(), small)) {
            for (int i = 0; i < 40; i++) {
                log.append(List.of(random(10_000, i)));
            }
            assertThat(log.segmentCount()).isBetween(7, 10);
            assertThat(log.verify((done, total) -> {}).damage()).isEmpty();
        }
        try (OpLog log = open()) {
            assertThat(log.sizeBytes()).isLessThan(40 * 10_000L + 10 * (12 << 10));
            assertThat(payloads(log)).hasSize(40).element(39).isEqualTo(random(10_000, 39));
        }
    }

    @Test
    void framesOfManyBlocksAreAllThere() {
        int count = 60;
        try (OpLog log = open()) {
            for (int i = 0; i < count; i++) {
                log.append(List.of(random(smallPayloadBytesMax(), i)));
            }
            assertThat(log.segmentCount()).isEqualTo(1);
            assertThat(payloads(log)).isEqualTo(randoms(smallPayloadBytesMax(), count));
        }
        try (OpLog log = open()) {
            assertThat(payloads(log)).isEqualTo(randoms(smallPayloadBytesMax(), count));
        }
    }

    @Test
    void largerFramesRollIntoASegmentOfLargerBlocks() {
        try (OpLog log = open()) {
            log.append(List.of(random(smallPayloadBytesMax(), 1)));
            assertThat(log.segmentCount()).isEqualTo(1);
            log.append(List.of(random(smallPayloadBytesMax() + 1, 2)));
            assertThat(log.segmentCount()).isEqualTo(2);
            log.append(List.of(random(10, 3), random(Frame.PAYLOAD_BYTES_MAX, 4)));
            assertThat(log.segmentCount()).isEqualTo(2);
        }
        try (OpLog log = open()) {
            assertThat(payloads(log))
                    .containsExactly(
                            random(smallPayloadBytesMax(), 1),
                            random(smallPayloadBytesMax() + 1, 2),
                            random(10, 3),
                            random(Frame.PAYLOAD_BYTES_MAX, 4));
        }
    }

    @Test
    void payloadAboveItsLimitIsRefusedAndTheLogGoesOn() {
        try (OpLog log = open()) {
            Bytes tooLarge = random(Frame.PAYLOAD_BYTES_MAX + 1, 1);
            assertCode(() -> log.append(List.of(tooLarge)), ErrorCode.LIMIT_EXCEEDED);
            assertThat(log.append(LogFixture.entries(1, 1))).isEqualTo(new Position(1));
        }
    }

    @Test
    void groupIsTakenUpToItsLimitsAndRefusedAboveThem() {
        try (OpLog log = open()) {
            List<Bytes> most = LogFixture.entries(1, Group.FRAMES_MAX);
            assertThat(log.append(most)).isEqualTo(new Position(Group.FRAMES_MAX));
            List<Bytes> tooMany = LogFixture.entries(1, Group.FRAMES_MAX + 1);
            assertCode(() -> log.append(tooMany), ErrorCode.LIMIT_EXCEEDED);
            Bytes half = random(Frame.PAYLOAD_BYTES_MAX, 1);
            log.append(List.of(half, half));
            List<Bytes> tooLong = List.of(half, half, Bytes.ofUtf8("x"));
            assertCode(() -> log.append(tooLong), ErrorCode.LIMIT_EXCEEDED);
            assertThat(log.end()).isEqualTo(new Position(Group.FRAMES_MAX + 2));
        }
    }

    @Test
    void secondWriterThreadIsRefused() throws InterruptedException {
        try (OpLog log = open()) {
            log.append(LogFixture.entries(1, 1));
            AtomicReference<Throwable> refused = new AtomicReference<>();
            Thread second =
                    new Thread(
                            () -> {
                                try {
                                    log.append(LogFixture.entries(2, 2));
                                } catch (AssertionError broken) {
                                    refused.set(broken);
                                }
                            });
            second.start();
            second.join();
            assertThat(refused.get()).isInstanceOf(AssertionError.class);
            assertThat(log.append(LogFixture.entries(2, 2))).isEqualTo(new Position(2));
        }
    }

    @Test
    void logIsClosedByAnotherThreadThanItsWriter() throws InterruptedException {
        OpLog log = open();
        Thread writer = new Thread(() -> log.append(LogFixture.entries(1, 5)));
        writer.start();
        writer.join();
        log.close();
        try (OpLog again = open()) {
            assertThat(again.report().cleanlyClosed()).isTrue();
            assertThat(LogFixture.read(again)).isEqualTo(LogFixture.whole(1, 5));
        }
    }

    @Test
    void storeKeepsItsIdentity() {
        StoreId id;
        try (OpLog log = open()) {
            log.append(LogFixture.entries(1, 1));
            id = log.store();
        }
        try (OpLog again = open()) {
            assertThat(again.store()).isEqualTo(id);
        }
    }

    @Test
    void onlyTheOwnerMayEnterDirectoriesAndReadFiles() throws IOException {
        try (OpLog log = open(store(), LogFixture.segmentsOf(5))) {
            log.append(LogFixture.entries(1, 4));
            log.append(LogFixture.entries(5, 8));
            try (Stream<Path> tree = Files.walk(store())) {
                assertThat(tree)
                        .allSatisfy(
                                path ->
                                        assertThat(
                                                        PosixFilePermissions.toString(
                                                                Files.getPosixFilePermissions(
                                                                        path)))
                                                .isEqualTo(
                                                        Files.isDirectory(path)
                                                                ? "rwx------"
                                                                : "rw-------"));
            }
        }
    }

    @Test
    void sealedSegmentGivesItsReserveBackAndHasNoMetadata() throws IOException {
        try (OpLog log = open()) {
            log.append(LogFixture.entries(1, 4));
            assertThat(log.sizeBytes()).isGreaterThan(2 << 20);
        }
        LogDirectory log = LogFixture.logOf(store());
        assertThat(Files.size(log.frames(1))).isEqualTo(8192);
        assertThat(log.metadata(1)).doesNotExist();
    }

    @Test
    void verificationReadsAllAndTellsHowFarItIs() {
        try (OpLog log = open(store(), LogFixture.segmentsOf(40))) {
            for (int first = 1; first <= 91; first += 10) {
                log.append(LogFixture.entries(first, first + 9));
            }
            List<Long> done = new ArrayList<>();
            LogVerification verified =
                    log.verify(
                            (bytes, total) -> {
                                assertThat(bytes).isLessThanOrEqualTo(total);
                                done.add(bytes);
                            });
            assertThat(verified.segments()).isEqualTo(log.segmentCount());
            assertThat(verified.batches()).isEqualTo(100);
            assertThat(verified.damage()).isEmpty();
            assertThat(done).isSorted().last().isEqualTo(verified.bytes());
        }
    }

    static void assertCode(Runnable call, ErrorCode code) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        LoamException.class, refused -> assertThat(refused.code()).isEqualTo(code));
    }

    private static List<Bytes> payloads(OpLog log) {
        List<Bytes> payloads = new ArrayList<>();
        for (LogItem item : LogFixture.read(log)) {
            payloads.add(((LogItem.Entry) item).payload());
        }
        return payloads;
    }

    private static List<Bytes> randoms(int bytes, int count) {
        List<Bytes> all = new ArrayList<>();
        for (int seed = 0; seed < count; seed++) {
            all.add(random(bytes, seed));
        }
        return all;
    }

    private static Bytes random(int bytes, int seed) {
        byte[] content = new byte[bytes];
        new Random(seed).nextBytes(content);
        return Bytes.adopt(content);
    }
}

package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody without the key changes, with all sums made right again, is never read as ours. */
class SealedLogTest {
    private static final int ENTRIES = 9;
    private static final int FLAGS_AT = 6;
    private static final int SEGMENT_AT = 8;
    private static final int POSITION_AT = 16;

    @TempDir(factory = MemoryTempDir.class)
    Path directory;

    private final TestSealing sealing = new TestSealing();
    private Path store;

    @BeforeEach
    void nameStore() {
        store = directory.resolve("store");
    }

    /** Segments of three entries: 1-3, 4-6, 7-9. */
    private void written() {
        try (OpLog log = open()) {
            LogFixture.appendSingly(log, 1, ENTRIES);
        }
    }

    private OpLog open() {
        return sealing.open(store, LogFixture.segmentsOf(4), new QuickFiles());
    }

    private Path frames(long segment) {
        return LogFixture.logOf(store).frames(segment);
    }

    private SegmentName name(long segment) throws IOException {
        try (FileChannel channel = FileChannel.open(frames(segment))) {
            return SegmentFile.readHead(channel, segment).orElseThrow().name();
        }
    }

    private int frameAt(long segment, long position) throws IOException {
        return Math.toIntExact(
                LogFixture.offsetOf(store, segment, position) + SegmentCursor.WORD_BYTES);
    }

    /** The frame of a position as it lies in its file. */
    private byte[] frame(long segment, long position) throws IOException {
        byte[] content = Files.readAllBytes(frames(segment));
        int at = frameAt(segment, position);
        int end = at + Frame.HEADER_BYTES + buffer(content).getInt(at + 32);
        return Arrays.copyOfRange(content, at, end);
    }

    private static ByteBuffer buffer(byte[] content) {
        return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Puts a frame where that of the position was, with the sum that it has to have there. */
    private void put(long segment, long position, byte[] changed) throws IOException {
        sum(name(segment), changed);
        byte[] content = Files.readAllBytes(frames(segment));
        System.arraycopy(changed, 0, content, frameAt(segment, position), changed.length);
        Files.write(frames(segment), content);
    }

    private static void sum(SegmentName name, byte[] changed) {
        CRC32C sum = new CRC32C();
        sum.update(name.id().toArray());
        sum.update(changed, 0, 36);
        sum.update(changed, Frame.HEADER_BYTES, changed.length - Frame.HEADER_BYTES);
        buffer(changed).putInt(36, (int) sum.getValue());
    }

    private void assertTampered(long segment, long position) {
        try (OpLog log = open();
                LogReader reader = log.readAfter(Position.START)) {
            for (long sound = 1; sound < position; sound++) {
                assertThat(reader.next()).isEqualTo(LogFixture.whole(sound, sound).getFirst());
            }
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(reader::next)
                        .isInstanceOfSatisfying(
                                LoamException.class,
                                refused -> assertThat(refused.code()).isEqualTo(ErrorCode.TAMPERED))
                        .hasMessageContaining("segment " + segment + " ")
                        .hasMessageContaining("position " + position + " ");
            }
            assertThat(log.verify((done, total) -> {}).damage())
                    .anyMatch(
                            text ->
                                    text.startsWith("TAMPERED: segment " + segment + " ")
                                            && text.contains("position " + position + " "));
        }
        assertThat(sealing.open()).isZero();
    }

    @Test
    void nothingThatWasAppendedIsInAnyFile() throws IOException {
        String canary = "a canary that nobody may find";
        try (OpLog log = open()) {
            for (int i = 0; i < 10; i++) {
                log.append(List.of(Bytes.ofUtf8(i + canary + i)));
            }
            try (SegmentDraft draft = log.draft(new Position(6), 100)) {
                draft.addStates(Bytes.ofUtf8(canary));
                draft.addPack(6, Bytes.ofUtf8("pack of " + canary));
                draft.seal();
                assertNowhere(canary);
                log.replace(draft);
            }
            assertNowhere(canary);
            assertThat(((LogItem.States) LogFixture.read(log).getFirst()).payload())
                    .isEqualTo(Bytes.ofUtf8(canary));
        }
        assertNowhere(canary);
    }

    private void assertNowhere(String text) throws IOException {
        try (Stream<Path> tree = Files.walk(store)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as("%s", file)
                        .doesNotContain(text);
            }
        }
    }

    @Test
    void frameThatWasMovedWithinItsSegmentIsNotTaken() throws IOException {
        written();
        byte[] moved = frame(2, 4);
        buffer(moved).putLong(POSITION_AT, 5);
        put(2, 5, moved);
        assertTampered(2, 5);
    }

    @Test
    void frameThatWasMovedToAnotherSegmentIsNotTaken() throws IOException {
        written();
        byte[] moved = frame(1, 2);
        buffer(moved).putLong(SEGMENT_AT, 2).putLong(POSITION_AT, 5);
        put(2, 5, moved);
        assertTampered(2, 5);
    }

    @Test
    void frameOfAnotherStoreIsNotTaken() throws IOException {
        written();
        Path own = store;
        store = directory.resolve("other");
        try (OpLog log =
                new TestSealing(9).open(store, LogFixture.segmentsOf(4), new QuickFiles())) {
            LogFixture.appendSingly(log, 1, ENTRIES);
        }
        byte[] moved = frame(2, 5);
        store = own;
        put(2, 5, moved);
        assertTampered(2, 5);
    }

    @Test
    void noByteOfAPayloadIsChangedUnnoticed() throws IOException {
        written();
        byte[] whole = Files.readAllBytes(frames(2));
        int length = frame(2, 5).length;
        for (int at = Frame.HEADER_BYTES; at < length; at++) {
            byte[] changed = frame(2, 5);
            changed[at] ^= 4;
            put(2, 5, changed);
            assertTampered(2, 5);
            Files.write(frames(2), whole);
        }
    }

    /** Of what a frame says of itself, only where it lies is known without opening it. */
    @ParameterizedTest
    @ValueSource(ints = {5, FLAGS_AT, 24, 25, 26, 27, 28, 29, 30, 31})
    void noByteOfAHeaderIsChangedUnnoticed(int at) throws IOException {
        written();
        byte[] changed = frame(2, 5);
        changed[at] ^= 1;
        put(2, 5, changed);
        assertTampered(2, 5);
    }

    @Test
    void whateverIsChangedInAHeaderNothingElseIsReadInItsPlace() throws IOException {
        written();
        byte[] whole = Files.readAllBytes(frames(2));
        for (int at = 0; at < 36; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = frame(2, 5);
                changed[at] ^= (byte) (1 << bit);
                if (at < 32) {
                    put(2, 5, changed);
                } else {
                    putShorterOrLonger(whole, changed);
                }
                assertNotTaken(5);
                Files.write(frames(2), whole);
            }
        }
        assertThat(sealing.open()).isZero();
    }

    /** The sum of a frame of another length covers what follows it, or less. */
    private void putShorterOrLonger(byte[] whole, byte[] changed) throws IOException {
        int at = frameAt(2, 5);
        int length = buffer(changed).getInt(32);
        if (length < 0 || at + Frame.HEADER_BYTES + (long) length > whole.length) {
            return;
        }
        byte[] frame = Arrays.copyOfRange(whole, at, at + Frame.HEADER_BYTES + length);
        System.arraycopy(changed, 0, frame, 0, Frame.HEADER_BYTES);
        put(2, 5, frame);
    }

    private void assertNotTaken(long position) {
        try (OpLog log = open()) {
            List<String> read = LogFixture.summary(LogFixture.read(log));
            if (read.contains(Long.toString(position))) {
                // Only a length that reaches past the file was left as it was.
                assertThat(read).isEqualTo(LogFixture.positions(1, ENTRIES));
                return;
            }
            assertThat(read).anyMatch(item -> item.startsWith("damaged"));
            assertThat(read).noneMatch(item -> item.startsWith("other data"));
        } catch (LoamException refused) {
            assertThat(refused.code()).isIn(ErrorCode.TAMPERED, ErrorCode.FORMAT_VERSION);
        }
    }

    /** As a frame that takes no entry would let a reader pass over the position. */
    @ParameterizedTest
    @ValueSource(ints = {Frame.MARK, Frame.SKIPPABLE})
    void frameThatIsNotSealedTakesNoPosition(int kind) throws IOException {
        written();
        byte[] clear = frame(2, 5);
        clear[5] = (byte) kind;
        clear[FLAGS_AT] = 0;
        put(2, 5, clear);
        assertTampered(2, 5);
    }

    @Test
    void flippedBitIsDamageAndNotTampering() throws IOException {
        written();
        int at = frameAt(2, 5);
        for (int offset = 0; offset < frame(2, 5).length; offset++) {
            LogFixture.flip(frames(2), at + offset, 1 << offset % 8);
            try (OpLog log = open()) {
                assertThat(LogFixture.summary(LogFixture.read(log))).contains("damaged 5-5");
                assertThat(log.verify((done, total) -> {}).damage())
                        .isNotEmpty()
                        .noneMatch(text -> text.startsWith("TAMPERED"));
            }
            LogFixture.flip(frames(2), at + offset, 1 << offset % 8);
        }
    }

    @Test
    void unknownFlagIsOfANewerFormat() throws IOException {
        written();
        byte[] newer = frame(2, 5);
        newer[FLAGS_AT] |= 2;
        put(2, 5, newer);
        try (OpLog log = open()) {
            OpLogContract.assertCode(() -> LogFixture.read(log), ErrorCode.FORMAT_VERSION);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Frame.SEAL, Frame.MARK})
    void frameThatStaysClearHasNoFlags(int kind) throws IOException {
        written();
        FrameCodec codec = new FrameCodec(name(2));
        byte[] flagged = codec.encode(kind, 5, 0, 0, Bytes.adopt(new byte[SegmentSeal.BYTES]));
        assertThat(codec.decode(flagged, 0)).isNotNull();
        flagged[FLAGS_AT] = Frame.SEALED;
        sum(name(2), flagged);
        OpLogContract.assertCode(() -> codec.decode(flagged, 0), ErrorCode.FORMAT_VERSION);
    }

    @Test
    void framesThatHoldNothingThatWasAppendedAreReadWithoutAKey() throws IOException {
        written();
        for (long segment = 1; segment <= 3; segment++) {
            sealing.loseKey(name(segment).id());
        }
        try (OpLog log = open()) {
            assertThat(LogFixture.summary(LogFixture.read(log)))
                    .containsExactly("damaged 1-3", "damaged 4-6", "damaged 7-9");
            assertThat(log.report().damage())
                    .hasSize(3)
                    .allMatch(damage -> damage.what().contains("key of segment"));
            LogVerification verified = log.verify((done, total) -> {});
            assertThat(verified.batches()).isEqualTo(ENTRIES);
            assertThat(verified.damage())
                    .hasSize(3)
                    .allMatch(
                            text -> text.matches("the key of segment [123] of the log is missing"));
        }
    }

    /** What sealing adds counts, or a segment would grow beyond its bound. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aGroupOfWhichOnlyThePlainBytesFitBeginsASegment(int missing) throws IOException {
        Group second = new Group(List.of(LogFixture.entry(2), LogFixture.entry(3)));
        try (OpLog log = open()) {
            LogFixture.appendSingly(log, 1, 1);
        }
        long end = LogFixture.endOf(store, 1, 1);
        long fits = end + second.bytes(TestSealing.OVERHEAD_BYTES);
        assertThat(fits - missing).isGreaterThan(end + second.bytes(0));
        LogOptions options = LogFixture.options(fits - missing, 9, () -> Position.START);
        TestSealing others = new TestSealing(2);
        try (OpLog log = others.open(directory.resolve("other"), options, new QuickFiles())) {
            LogFixture.appendSingly(log, 1, 1);
            log.append(second.payloads());
            assertThat(log.segmentCount()).isEqualTo(1 + missing);
        }
    }
}

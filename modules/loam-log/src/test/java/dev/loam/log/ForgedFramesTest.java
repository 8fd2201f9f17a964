package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.StoreId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody wrote who made the sums right, and says what no log can hold. */
class ForgedFramesTest {
    private static final long NUMBER = 1;
    private static final SegmentName NAME =
            new SegmentName(18, Bytes.fromHex("101112131415161718191a1b1c1d1e1f"));
    private static final Bytes CHAIN = Bytes.fromHex("ab".repeat(32));

    @TempDir(factory = MemoryTempDir.class)
    Path directory;

    private void written() throws IOException {
        try (OpLog log = LogFixture.openQuickly(directory)) {
            LogFixture.appendSingly(log, 1, 5);
        }
    }

    /** Puts another frame in the place of the one of a position. */
    private void forge(long at, int kind, long position, int count) throws IOException {
        Path file = LogFixture.logOf(directory).frames(NUMBER);
        long offset = LogFixture.offsetOf(directory, NUMBER, at) + SegmentCursor.WORD_BYTES;
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            SegmentName name = SegmentFile.readHead(channel, NUMBER).orElseThrow().name();
            byte[] frame =
                    new FrameCodec(name).encode(kind, position, count, 0, LogFixture.entry(at));
            channel.write(ByteBuffer.wrap(frame), offset);
        }
    }

    private List<String> read() {
        try (OpLog log = LogFixture.openQuickly(directory)) {
            return LogFixture.summary(LogFixture.read(log));
        }
    }

    static Stream<Arguments> frames() {
        return Stream.of(
                Arguments.of(Frame.BATCH, 3, 17),
                Arguments.of(Frame.BATCH, 3, 0),
                Arguments.of(Frame.PACK, 3, 0),
                Arguments.of(Frame.PACK, 3, -1),
                Arguments.of(Frame.PACK, 3, Frame.COUNT_MAX + 1),
                Arguments.of(Frame.STATES, 3, 1),
                Arguments.of(Frame.BATCH, -3, 1),
                Arguments.of(Frame.BATCH, 3_000_000_000L, 1),
                Arguments.of(Frame.BATCH, Frame.POSITION_MAX, 1),
                Arguments.of(Frame.BATCH, Long.MAX_VALUE, 1));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void frameThatNamesWhatNoLogHoldsIsDamage(int kind, long position, int count)
            throws IOException {
        written();
        forge(3, kind, position, count);
        assertThat(read()).containsExactly("1", "2", "damaged 3-3", "4", "5");
    }

    /** Whoever made the list anew had to believe the frames. */
    @ParameterizedTest
    @MethodSource("frames")
    void norDoesItSayWhatALogHoldsWhoseListIsLost(int kind, long position, int count)
            throws IOException {
        written();
        forge(3, kind, position, count);
        Files.delete(LogFixture.logOf(directory).footer(NUMBER));
        Files.delete(LogFixture.logOf(directory).manifest());
        assertThat(read()).containsExactly("1", "2", "damaged 3-3", "4", "5");
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 5})
    void positionsOfAnUnknownKindAreDamageAlsoAtTheEnd(long at) throws IOException {
        written();
        forge(at, Frame.SKIPPABLE, at, 1);
        assertThat(read()).hasSize(5).contains("damaged " + at + "-" + at);
    }

    @Test
    void footerThatNamesWhatNoSegmentHoldsIsNone() {
        assertThat(footer(18, 1, 9, new PositionRange(3, 4), 4_512)).isTrue();
        assertThat(footer(18, 0, 9, new PositionRange(3, 4), 4_512)).isFalse();
        assertThat(footer(18, 1, 0, new PositionRange(3, 4), 4_512)).isFalse();
        assertThat(footer(18, 1, 9, new PositionRange(4, 3), 4_512)).isFalse();
        assertThat(footer(18, 1, 9, new PositionRange(-4, 3), 4_512)).isFalse();
        assertThat(footer(18, 1, 9, new PositionRange(3, 10), 4_512)).isFalse();
        assertThat(footer(18, 1, 9, new PositionRange(3, 4), -1)).isFalse();
    }

    @Test
    void footerOfNoSegmentIsNone() {
        byte[] footer = encoded(18, 1, 9, new PositionRange(3, 4), 4_512);
        ByteBuffer.wrap(footer).order(ByteOrder.LITTLE_ENDIAN).putLong(40, 0);
        CRC32C sum = new CRC32C();
        sum.update(footer, 0, footer.length - 4);
        ByteBuffer.wrap(footer)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(footer.length - 4, (int) sum.getValue());
        assertThat(Footer.decode(footer)).isEmpty();
    }

    private static boolean footer(
            long number, long first, long last, PositionRange hole, long offset) {
        return Footer.decode(encoded(number, first, last, hole, offset)).isPresent();
    }

    private static byte[] encoded(
            long number, long first, long last, PositionRange hole, long offset) {
        SegmentEntry.Sealed entry =
                new SegmentEntry.Sealed(
                        new SegmentName(number, NAME.id()), first, last, 9, 16_384, CHAIN);
        StoreId store = new StoreId(NAME.id());
        PositionOffsets offsets = new PositionOffsets(first, new long[] {offset}, 1);
        return new Footer(store, Footer.Origin.SEALED, entry, CHAIN, 16_200, List.of(hole), offsets)
                .encode()
                .toArray();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "segment 0 id=101112131415161718191a1b1c1d1e1f open 1-",
                "segment 1 id=101112131415161718191a1b1c1d1e1f open 0-",
                "segment 1 id=101112131415161718191a1b1c1d1e1f sealed 5-4 frames=1 bytes=1 chain="
                        + "abababababababababababababababababababababababababababababababab"
            })
    void listOfWhatNoLogHoldsIsNone(String line) {
        String body = "loam-log 1 store=000102030405060708090a0b0c0d0e0f next=20\n" + line + "\n";
        CRC32C sum = new CRC32C();
        sum.update(Bytes.ofUtf8(body).toArray());
        String list = body + "crc32c=%08x\n".formatted(sum.getValue());
        assertThat(Manifest.decode(Bytes.ofUtf8(list).toArray())).isEmpty();
    }
}

package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that are not what was written are named, confined to their entry and never returned. */
class DamageTest {
    private static final int ENTRIES = 12;

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

    @Test
    void flippedBitInASealedSegmentCostsAtMostTheEntryThatHoldsIt() throws IOException {
        try (OpLog log = logs.openChronicle(store, LogFixture.OPTIONS)) {
            LogFixture.appendSingly(log, 1, ENTRIES);
        }
        Path file = LogFixture.logOf(store).frames(1);
        try (OpLog log = logs.open(store);
                FileChannel channel =
                        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            for (long offset = 0; offset < channel.size(); offset++) {
                flipInPlace(channel, offset);
                assertConfined(log, offset);
                flipInPlace(channel, offset);
            }
            assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, ENTRIES));
            assertThat(log.verify((done, total) -> {}).damage()).isEmpty();
        }
    }

    private void assertConfined(OpLog log, long offset) throws IOException {
        long holder = 0;
        for (long position = 1; position <= ENTRIES; position++) {
            long frame = entryOffset(position) + SegmentCursor.WORD_BYTES;
            long length =
                    (long) Frame.HEADER_BYTES
                            + logs.overheadBytes()
                            + LogFixture.entry(position).size();
            if (offset >= frame && offset < frame + length) {
                holder = position;
            }
        }
        List<String> expected = LogFixture.positions(1, ENTRIES);
        if (holder > 0) {
            expected = new ArrayList<>(expected);
            expected.set((int) holder - 1, "damaged " + holder + "-" + holder);
            assertThat(log.verify((done, total) -> {}).damage()).isNotEmpty();
        }
        assertThat(LogFixture.summary(LogFixture.read(log)))
                .as("byte %s", offset)
                .isEqualTo(expected);
        assertThat(LogFixture.summary(LogFixture.read(log, ENTRIES / 2)))
                .as("byte %s", offset)
                .isEqualTo(expected.subList(ENTRIES / 2, ENTRIES));
    }

    private final List<Long> offsets = new ArrayList<>();

    private long entryOffset(long position) throws IOException {
        if (offsets.isEmpty()) {
            for (long each = 1; each <= ENTRIES; each++) {
                offsets.add(LogFixture.offsetOf(store, 1, each));
            }
        }
        return offsets.get((int) position - 1);
    }

    private static void flipInPlace(FileChannel channel, long offset) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        channel.read(one, offset);
        one.put(0, (byte) (one.get(0) ^ 1 << offset % 8)).rewind();
        channel.write(one, offset);
    }

    @Test
    void flippedBitInAnUnsealedSegmentIsDamageWhereVouchedForAndACutWhereNot() throws IOException {
        int entries = 5;
        Path image = crashed(entries);
        long head = SegmentCursor.WORD_BYTES + Frame.HEADER_BYTES + SegmentHead.BYTES;
        long begin = LogFixture.offsetOf(image, 1, 1) - head;
        long end = LogFixture.endOf(image, 1, entries);
        long last = LogFixture.offsetOf(image, 1, entries);
        for (long offset = begin; offset < end; offset++) {
            Path copy = logs.copy(image, directory.resolve("flip-" + offset));
            LogFixture.flip(LogFixture.logOf(copy).frames(1), offset, 1 << offset % 8);
            try (OpLog log = logs.openQuickly(copy)) {
                List<String> found = LogFixture.summary(LogFixture.read(log));
                assertThat(log.report().cleanlyClosed()).isFalse();
                if (offset < last + SegmentCursor.WORD_BYTES) {
                    assertOneDamagedAtMost(found, entries);
                } else if (found.size() < entries) {
                    assertThat(found).isEqualTo(LogFixture.positions(1, entries - 1));
                } else {
                    assertThat(found).isEqualTo(LogFixture.positions(1, entries));
                }
                assertGoesOn(copy, log);
            }
        }
    }

    private static void assertOneDamagedAtMost(List<String> found, int entries) {
        assertThat(found).hasSize(entries);
        int damaged = 0;
        for (int i = 0; i < entries; i++) {
            String position = Integer.toString(i + 1);
            if (!found.get(i).equals(position)) {
                assertThat(found.get(i)).isEqualTo("damaged " + position + "-" + position);
                damaged++;
            }
        }
        assertThat(damaged).isLessThanOrEqualTo(1);
    }

    /** What is appended after recovery is there after another opening. */
    private void assertGoesOn(Path store, OpLog recovered) {
        long end = recovered.end().number();
        List<LogItem> before = LogFixture.read(recovered);
        LogFixture.appendSingly(recovered, end + 1, end + 3);
        recovered.close();
        try (OpLog again = logs.openQuickly(store)) {
            assertThat(LogFixture.read(again).subList(0, before.size())).isEqualTo(before);
            assertThat(LogFixture.read(again, end)).isEqualTo(LogFixture.whole(end + 1, end + 3));
        }
    }

    @Test
    void tailTornAtAnyByteOfTheLastFrameLosesThatFrameOnly() throws IOException {
        Path image = crashed(4);
        long from = LogFixture.offsetOf(image, 1, 4);
        long frame =
                (long) SegmentCursor.WORD_BYTES
                        + Frame.HEADER_BYTES
                        + logs.overheadBytes()
                        + LogFixture.entry(4).size();
        for (long torn = from; torn < from + frame; torn++) {
            for (Tear tear : Tear.values()) {
                Path copy = logs.copy(image, directory.resolve(tear + "-" + torn));
                tear.at(LogFixture.logOf(copy).frames(1), torn);
                try (OpLog log = logs.openQuickly(copy)) {
                    assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, 3));
                    assertThat(log.report().damage()).isEmpty();
                    assertThat(log.report().cleanlyClosed()).isFalse();
                    assertGoesOn(copy, log);
                }
            }
        }
    }

    private enum Tear {
        CUT {
            @Override
            void at(Path file, long offset) throws IOException {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(offset);
                }
            }
        },
        ZEROED {
            @Override
            void at(Path file, long offset) throws IOException {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.write(
                            ByteBuffer.allocate(Math.toIntExact(channel.size() - offset)), offset);
                }
            }
        };

        abstract void at(Path file, long offset) throws IOException;
    }

    @Test
    void everyKindOfWrongWordAndLengthIsConfined() throws IOException {
        int entries = 1_000;
        int damaged = 500;
        try (OpLog log = logs.openChronicle(store, LogFixture.OPTIONS)) {
            LogFixture.appendSingly(log, 1, 3);
            log.append(LogFixture.entries(4, entries));
        }
        long word = LogFixture.offsetOf(store, 1, damaged);
        long length = word + SegmentCursor.WORD_BYTES + 32;
        Path file = LogFixture.logOf(store).frames(1);
        byte[] whole = Files.readAllBytes(file);
        List<String> all = LogFixture.positions(1, entries);
        List<String> without = new ArrayList<>(all);
        without.set(damaged - 1, "damaged 500-500");
        try (OpLog log = logs.open(store)) {
            for (int delta :
                    new int[] {1, 4, -4, 64, -64, 100_000, 1 << 28, -49, 1 << 31, 1 << 30}) {
                Files.write(file, changed(whole, word, delta));
                assertThat(LogFixture.summary(LogFixture.read(log))).isEqualTo(all);
                Files.write(file, changed(whole, length, delta));
                assertThat(LogFixture.summary(LogFixture.read(log))).isEqualTo(without);
            }
            Files.write(file, whole);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(4096), 8192);
            }
            List<String> pageZero = LogFixture.summary(LogFixture.read(log));
            assertThat(pageZero).filteredOn(item -> item.startsWith("damaged")).hasSize(1);
            assertThat(pageZero).hasSizeGreaterThan(entries - 4096 / Frame.HEADER_BYTES);
        }
    }

    private static byte[] changed(byte[] whole, long offset, int delta) {
        byte[] changed = whole.clone();
        ByteBuffer buffer = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt((int) offset, buffer.getInt((int) offset) + delta);
        return changed;
    }

    @Test
    void foreignFramesInAPayloadAreNeverTakenForEntries() throws IOException {
        Path other = directory.resolve("other");
        try (OpLog log = logs.open(other)) {
            LogFixture.appendSingly(log, 1, 20);
        }
        byte[] planted = Files.readAllBytes(LogFixture.logOf(other).frames(1));
        try (OpLog log = logs.openWithOtherIds(store, LogFixture.OPTIONS)) {
            LogFixture.appendSingly(log, 1, 1);
            log.append(List.of(Bytes.adopt(planted)));
            LogFixture.appendSingly(log, 3, 4);
        }
        LogFixture.flip(
                LogFixture.logOf(store).frames(1),
                LogFixture.payloadIn(LogFixture.offsetOf(store, 1, 2)),
                1);
        try (OpLog log = logs.open(store)) {
            assertThat(LogFixture.summary(LogFixture.read(log)))
                    .containsExactly("1", "damaged 2-2", "3", "4");
        }
    }

    @Test
    void damageIsClippedToTheRangeThatIsRead() throws IOException {
        try (OpLog log = logs.open(store, LogFixture.segmentsOf(4))) {
            LogFixture.appendSingly(log, 1, 9);
        }
        Files.delete(LogFixture.logOf(store).frames(2));
        try (OpLog log = logs.open(store)) {
            assertThat(LogFixture.summary(LogFixture.read(log)))
                    .containsExactly("1", "2", "3", "damaged 4-6", "7", "8", "9");
            assertThat(LogFixture.summary(LogFixture.read(log, 4)))
                    .containsExactly("damaged 5-6", "7", "8", "9");
            assertThat(LogFixture.summary(LogFixture.read(log, 6))).containsExactly("7", "8", "9");
            assertThat(log.end()).isEqualTo(new Position(9));
        }
    }

    /** A store as a SIGKILL leaves it, after so many acknowledged entries; without the zeros. */
    private Path crashed(int entries) throws IOException {
        Path image = directory.resolve("image");
        try (OpLog log = logs.open(store)) {
            LogFixture.appendSingly(log, 1, entries);
            logs.copy(store, image);
        }
        try (FileChannel channel =
                FileChannel.open(LogFixture.logOf(image).frames(1), StandardOpenOption.WRITE)) {
            channel.truncate(LogFixture.endOf(image, 1, entries) + 4096);
        }
        return image;
    }
}

package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnnexTest {
    private static final Bytes CONTENT = Bytes.ofUtf8("derived from the segment");

    @TempDir(factory = MemoryTempDir.class)
    Path store;

    private OpLog open() {
        return LogFixture.openPlain(store, LogFixture.segmentsOf(70), new QuickFiles());
    }

    private Path annexOf(long segment) {
        return LogFixture.logOf(store).annex(segment);
    }

    @Test
    void segmentsTileTheLogAndTheLastIsBeingWritten() {
        try (OpLog log = open()) {
            assertThat(log.segments()).isEmpty();
            assertThat(log.activeSegment()).isEmpty();
            log.append(LogFixture.entries(1, 60));
            log.append(LogFixture.entries(61, 100));

            assertThat(log.segments())
                    .extracting(
                            SegmentInfo::number,
                            SegmentInfo::first,
                            SegmentInfo::last,
                            SegmentInfo::frames,
                            SegmentInfo::sealed)
                    .containsExactly(
                            tuple(1L, new Position(1), new Position(60), 61L, true),
                            tuple(2L, new Position(61), new Position(100), 41L, false));
            assertThat(log.activeSegment()).contains(log.segments().getLast());
            assertThat(log.segments().stream().mapToLong(SegmentInfo::bytes).sum())
                    .isEqualTo(log.sizeBytes());
        }
    }

    @Test
    void anAnnexIsKeptAcrossReopening() {
        try (OpLog log = open()) {
            log.append(LogFixture.entries(1, 60));
            log.append(LogFixture.entries(61, 100));
            assertThat(log.annex(1)).isEmpty();
            log.writeAnnex(1, CONTENT);
            log.writeAnnex(2, Bytes.EMPTY);
            assertThat(log.annex(1)).contains(CONTENT);
        }
        try (OpLog log = open()) {
            assertThat(log.annex(1)).contains(CONTENT);
            assertThat(log.annex(2)).contains(Bytes.EMPTY);
            log.writeAnnex(1, Bytes.ofUtf8("again"));
            assertThat(log.annex(1)).contains(Bytes.ofUtf8("again"));
            assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, 100));
        }
    }

    @Test
    void anAnnexOfNoSegmentIsRefused() {
        try (OpLog log = open()) {
            assertThat(log.annex(9)).isEmpty();
            assertThatThrownBy(() -> log.writeAnnex(9, CONTENT))
                    .isInstanceOfSatisfying(
                            LoamException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NOT_FOUND));
        }
    }

    @Test
    void anAnnexWithAnyByteChangedOrCutOffIsAsIfItWereNotThere() throws IOException {
        try (OpLog log = open()) {
            log.append(LogFixture.entries(1, 60));
            log.writeAnnex(1, CONTENT);
            byte[] whole = Files.readAllBytes(annexOf(1));
            for (int at = 0; at < whole.length; at++) {
                byte[] changed = whole.clone();
                changed[at] ^= 1;
                Files.write(annexOf(1), changed);
                assertThat(log.annex(1)).as("byte %d changed", at).isEmpty();
                Files.write(annexOf(1), Arrays.copyOf(whole, at));
                assertThat(log.annex(1)).as("cut to %d bytes", at).isEmpty();
            }
            Files.write(annexOf(1), Arrays.copyOf(whole, whole.length + 1));
            assertThat(log.annex(1)).isEmpty();
            log.writeAnnex(1, CONTENT);
            assertThat(log.annex(1)).contains(CONTENT);
        }
    }

    @Test
    void anAnnexOfAnotherSegmentIsNotBelieved() throws IOException {
        try (OpLog log = open()) {
            log.append(LogFixture.entries(1, 60));
            log.append(LogFixture.entries(61, 100));
            log.writeAnnex(1, CONTENT);
            Files.copy(annexOf(1), annexOf(2));
            assertThat(log.annex(2)).isEmpty();
        }
    }

    @Test
    void openingReadsNoAnnex() throws IOException {
        try (OpLog log = open()) {
            log.append(LogFixture.entries(1, 60));
        }
        // A directory in its place fails every attempt to read it.
        Files.createDirectory(annexOf(1));
        try (OpLog log = open()) {
            assertThat(log.report().notes()).isEmpty();
            assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, 60));
            assertThatThrownBy(() -> log.annex(1)).isInstanceOf(LoamException.class);
        }
    }
}

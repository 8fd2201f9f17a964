package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Room that is kept so that a full disk does not keep a segment from being ended. */
class ReserveTest {
    @TempDir(factory = MemoryTempDir.class)
    Path directory;

    private Path store;
    private Path reserve;

    @BeforeEach
    void nameStore() {
        store = directory.resolve("store");
        reserve = store.resolve(Reserve.FILE_NAME);
    }

    @Test
    void reserveIsAllocatedWithTheFirstSegmentAndKept() throws IOException {
        try (OpLog log = LogFixture.openPlain(store)) {
            assertThat(reserve).doesNotExist();
            LogFixture.appendSingly(log, 1, 1);
            assertThat(Files.size(reserve)).isEqualTo(Reserve.BYTES);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(reserve)))
                    .isEqualTo("rw-------");
            assertThat(log.sizeBytes()).isLessThan(Reserve.BYTES);
        }
        byte[] zeros = new byte[Math.toIntExact(Reserve.BYTES)];
        assertThat(Arrays.equals(Files.readAllBytes(reserve), zeros)).isTrue();
    }

    @Test
    void reserveIsNotSparse() throws Exception {
        try (OpLog log = LogFixture.openPlain(store)) {
            LogFixture.appendSingly(log, 1, 1);
        }
        Process du = new ProcessBuilder("du", "-k", reserve.toString()).start();
        String output = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(Long.parseLong(output.split("\\s")[0]))
                .isGreaterThanOrEqualTo(Reserve.BYTES >> 10);
    }

    @Test
    void freedReserveIsAllocatedAgainWithTheNextSegment() throws IOException {
        try (OpLog log = LogFixture.openQuickly(store)) {
            LogFixture.appendSingly(log, 1, 1);
            assertThat(log.freeReserve()).isTrue();
            assertThat(reserve).doesNotExist();
            assertThat(log.freeReserve()).isFalse();
            LogFixture.appendSingly(log, 2, 2);
            assertThat(reserve).doesNotExist();
        }
        try (OpLog log = LogFixture.openQuickly(store)) {
            assertThat(reserve).doesNotExist();
            LogFixture.appendSingly(log, 3, 3);
            assertThat(reserve).exists();
        }
    }

    @Test
    void reserveThatWasCutIsMadeWhole() throws IOException {
        Files.createDirectories(store);
        Files.write(reserve, new byte[100]);
        Files.write(store.resolve(Reserve.FILE_NAME + DiskFiles.TEMPORARY), new byte[100]);
        try (OpLog log = LogFixture.openPlain(store)) {
            LogFixture.appendSingly(log, 1, 1);
            assertThat(Files.size(reserve)).isEqualTo(Reserve.BYTES);
            assertThat(log.report().notes()).isEmpty();
        }
    }

    @Test
    void smallDiskHasNoReserveAndTakesEntries() throws IOException {
        SmallDisk disk = new SmallDisk();
        disk.bytesFree = Reserve.ROOM_BYTES_MIN - 1;
        try (OpLog log = LogFixture.openPlain(store, LogFixture.OPTIONS, disk)) {
            LogFixture.appendSingly(log, 1, 3);
            assertThat(reserve).doesNotExist();
            assertThat(log.report().notes()).isEmpty();
        }
        disk.bytesFree++;
        try (OpLog log = LogFixture.openPlain(store, LogFixture.OPTIONS, disk)) {
            LogFixture.appendSingly(log, 4, 4);
            assertThat(reserve).exists();
        }
    }

    @Test
    void closeOnAFullDiskFreesTheReserveAndEndsTheSegment() throws IOException {
        SmallDisk disk = new SmallDisk();
        OpLog log = LogFixture.openPlain(store, LogFixture.OPTIONS, disk);
        LogFixture.appendSingly(log, 1, 3);
        disk.bytesFree = 0;
        disk.reserve = reserve;
        log.close();
        assertThat(reserve).doesNotExist();
        try (OpLog again = LogFixture.openPlain(store, LogFixture.OPTIONS, disk)) {
            assertThat(again.report().cleanlyClosed()).isTrue();
            assertThat(again.report().notes()).isEmpty();
            assertThat(LogFixture.read(again)).isEqualTo(LogFixture.whole(1, 3));
        }
    }

    @Test
    void rollOnAFullDiskFreesTheReserveAndKeepsWhatWasAcknowledged() throws IOException {
        SmallDisk disk = new SmallDisk();
        try (OpLog log = LogFixture.openPlain(store, LogFixture.segmentsOf(3), disk)) {
            LogFixture.appendSingly(log, 1, 2);
            disk.bytesFree = 0;
            disk.reserve = reserve;
            LogFixture.appendSingly(log, 3, 4);
            assertThat(reserve).doesNotExist();
            assertThat(log.segmentCount()).isEqualTo(2);
            assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, 4));
        }
    }
}

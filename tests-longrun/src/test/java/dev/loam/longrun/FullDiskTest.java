package dev.loam.longrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.loam.BackupOptions;
import dev.loam.Backups;
import dev.loam.CompactOptions;
import dev.loam.CompactReport;
import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.Progress;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is really full is told before anything is lost, and a freed one is written to. */
class FullDiskTest {
    private static final int KIBIBYTE = 1 << 10;
    private static final int BALLAST_BYTES = 6 << 20;
    private static final int FIRST_KIBIBYTES = 64;
    private static final int RESTORED = 20_000;
    private static final int LAST_KIBIBYTES = 9_000;

    /** No multiple of a page's or block's size, so that different steps meet the end. */
    private static final int STEP_KIBIBYTES = 1_220;

    @TempDir Path directory;

    @Test
    void fullDiskOfAnySizeIsToldAndWritingGoesOnWithSpace() throws Exception {
        Optional<String> obstacle = LoopDisk.obstacle(directory);
        obstacle.ifPresent(why -> System.err.println("skipped: full disk: " + why));
        assumeTrue(obstacle.isEmpty(), () -> "full disk: " + obstacle);
        List<String> outcomes = new ArrayList<>();
        for (int size = FIRST_KIBIBYTES; size <= LAST_KIBIBYTES; size += STEP_KIBIBYTES) {
            long bytes = BALLAST_BYTES + (long) size * KIBIBYTE;
            try (LoopDisk disk = LoopDisk.memory(directory.resolve("disk-" + size), bytes)) {
                List<String> said = fill(disk.path());
                assertThat(said).as("%d KiB", size).hasSize(1);
                assertThat(said.getFirst()).as("%d KiB", size).startsWith("done ");
                outcomes.add(size + " KiB " + said.getFirst());
            }
        }
        System.err.println("counters: full disk sizes=" + outcomes.size() + " " + outcomes);
    }

    @Test
    void storeOnAFullDiskIsCompacted() throws Exception {
        Optional<String> obstacle = LoopDisk.obstacle(directory);
        assumeTrue(obstacle.isEmpty(), () -> "full disk: " + obstacle);
        try (LoopDisk disk = LoopDisk.memory(directory.resolve("disk"), 140L << 20)) {
            Path store = disk.path().resolve("store");
            String digest;
            try (Loam loam = Loam.open(store, LoamOptions.unencrypted())) {
                for (int i = 0; i < 2_000; i++) {
                    loam.vault("main").put(Memory.of("write " + i).key("k" + i % 20));
                }
                digest = loam.digest();
            }
            fillUp(disk.path().resolve("ballast"));
            try (Loam loam = Loam.open(store, LoamOptions.unencrypted())) {
                CompactReport report = loam.compact(CompactOptions.aggressive(), Progress.NONE);
                assertThat(report.logBytesAfter()).isLessThan(report.logBytesBefore() / 4);
                assertThat(loam.digest()).isEqualTo(digest);
                assertThat(loam.verify(Progress.NONE).damage()).isEmpty();
            }
            Files.delete(disk.path().resolve("ballast"));
            try (Loam loam = Loam.open(store, LoamOptions.unencrypted())) {
                assertThat(loam.digest()).isEqualTo(digest);
                loam.vault("main").put(Memory.of("there is room again").key("z"));
            }
        }
    }

    /** Of whatever size: there is a store, and all of it, or none and a disk as before. */
    @Test
    void aRestoreThatFindsNoRoomLeavesNothing() throws Exception {
        Optional<String> obstacle = LoopDisk.obstacle(directory);
        assumeTrue(obstacle.isEmpty(), () -> "full disk: " + obstacle);
        Path backup = directory.resolve("backup");
        String digest;
        try (Loam loam = Loam.open(directory.resolve("store"), LoamOptions.unencrypted())) {
            for (int i = 0; i < RESTORED; i++) {
                loam.vault("main").put(Memory.of("some text of memory " + i).key("k" + i));
            }
            digest = loam.digest();
            loam.backup(BackupOptions.into(backup), Progress.NONE);
        }
        List<String> outcomes = new ArrayList<>();
        for (int mebibytes = 1; !outcomes.contains("done"); mebibytes++) {
            try (LoopDisk disk =
                    LoopDisk.memory(
                            directory.resolve("disk-" + mebibytes), (long) mebibytes << 20)) {
                outcomes.add(restore(backup, disk.path().resolve("restored"), digest));
            }
        }
        assertThat(outcomes.subList(0, outcomes.size() - 1)).containsOnly("DISK_FULL");
        System.err.println("counters: restores to full disks=" + outcomes.size());
    }

    private static String restore(Path backup, Path target, String digest) throws IOException {
        try {
            Backups.in(backup)
                    .restore(Optional.empty(), target, LoamOptions.unencrypted(), Progress.NONE);
        } catch (LoamException refused) {
            try (Stream<Path> left = Files.list(target.getParent())) {
                assertThat(left).isEmpty();
            }
            return refused.code().name();
        }
        try (Loam loam = Loam.open(target, LoamOptions.unencrypted())) {
            assertThat(loam.digest()).isEqualTo(digest);
        } catch (LoamException full) {
            // What was restored is whole; to open it takes some room more.
            assertThat(full.code()).isEqualTo(ErrorCode.DISK_FULL);
        }
        return "done";
    }

    private static void fillUp(Path ballast) {
        byte[] page = new byte[4_096];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(page);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private static List<String> fill(Path disk) throws Exception {
        Process child =
                Children.start(
                        FullDiskChild.class, disk.toString(), Integer.toString(BALLAST_BYTES));
        try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
            return lines.lines().toList();
        } finally {
            child.destroyForcibly().waitFor();
        }
    }
}

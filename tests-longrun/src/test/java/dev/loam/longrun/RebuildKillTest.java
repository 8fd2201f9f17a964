package dev.loam.longrun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.Progress;
import dev.loam.RebuildReport;
import dev.loam.Vault;
import dev.loam.index.RecordIndex;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A killed rebuild is gone on with where it was, and the state is the same as ever. */
class RebuildKillTest {
    /** More than twice what is replayed between two commits. */
    private static final int MEMORIES = 120_000;

    private static final int CALLERS = 2_000;

    @TempDir Path directory;

    private static void fill(Vault vault) throws InterruptedException {
        Semaphore free = new Semaphore(CALLERS);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < MEMORIES; i++) {
                Memory memory = Memory.of("words of memory " + i).key("k" + i % (MEMORIES - 9));
                free.acquire();
                callers.execute(
                        () -> {
                            try {
                                vault.put(memory);
                            } finally {
                                free.release();
                            }
                        });
            }
        }
    }

    /** Kills it as soon as the index that it builds has a commit. */
    private static void runAndKill(Path built, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
        command.add(KillableRebuild.class.getName());
        command.addAll(List.of(arguments));
        Process child =
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try {
            while (!child.waitFor(10, TimeUnit.MILLISECONDS)) {
                if (RecordIndex.peek(built, Optional.empty()).isPresent()) {
                    break;
                }
            }
        } finally {
            child.destroyForcibly();
        }
        assertThat(child.waitFor()).as("it was killed before it ended").isEqualTo(128 + 9);
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void aKilledRebuildIsGoneOnWithToTheSameDigest() throws Exception {
        Path store = directory.resolve("store");
        String digest;
        try (Loam loam = Loam.open(store, LoamOptions.unencrypted())) {
            fill(loam.vault("main"));
            digest = loam.digest();
        }
        runAndKill(store.resolve("index.tmp"), store.toString(), "rebuild");
        try (Loam loam = Loam.open(store, LoamOptions.unencrypted())) {
            assertThat(loam.digest()).isEqualTo(digest);
            RebuildReport report = loam.rebuild(Progress.NONE);
            assertThat(report.resumedAfter()).isPositive();
            assertThat(report.digestAfter()).isEqualTo(digest);
            assertThat(loam.stats().records()).isEqualTo(MEMORIES - 9);
        }
        delete(store.resolve("index"));
        runAndKill(store.resolve("index"), store.toString());
        try (Loam loam = Loam.open(store, LoamOptions.unencrypted())) {
            assertThat(loam.openReport().replayedBatches()).isLessThan(MEMORIES);
            assertThat(loam.digest()).isEqualTo(digest);
            assertThat(loam.vault("main").recall("words of memory 119999", 3).hits()).isNotEmpty();
        }
    }
}

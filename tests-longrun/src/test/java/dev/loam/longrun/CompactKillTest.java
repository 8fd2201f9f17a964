package dev.loam.longrun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.CompactOptions;
import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.Progress;
import dev.loam.Vault;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was answered is there, and nothing else, whenever a compaction is cut short. */
class CompactKillTest {
    private static final int KILLS = Integer.getInteger("compactKills", 12);
    private static final long SEED = Long.getLong("seed", 20260302L);
    private static final int CYCLES = 100;

    @TempDir Path directory;

    /** The last write that is known to be there. */
    private long lastWrite = -1;

    private int compactions;

    @Test
    void killedCompactionLeavesOneWholeStore() throws Exception {
        Path store = directory.resolve("store");
        Random random = new Random(SEED);
        for (int kill = 1; kill <= KILLS; kill++) {
            runAndKill(store, 1 + random.nextInt(3), random.nextInt(60));
            String digest;
            try (Loam loam = Loam.open(store, LoamOptions.unencrypted())) {
                lastWrite = verify(loam.vault("main"));
                digest = loam.digest();
                assertThat(loam.verify(Progress.NONE).damage()).as("kill %d", kill).isEmpty();
                assertThat(loam.rebuild(Progress.NONE).digestAfter()).isEqualTo(digest);
            }
            assertThat(leftovers(store)).as("kill %d", kill).isEmpty();
        }
        System.out.printf(
                "counters: compaction kills seed=%d kills=%d writes=%d compactions=%d lost=0%n",
                SEED, KILLS, lastWrite + 1, compactions);
        assertThat(compactions).isGreaterThanOrEqualTo(KILLS);
    }

    /** Lets it compact so many times, and then some more. */
    private void runAndKill(Path store, int compactionsBefore, int millisMore) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(KillableCompaction.class.getName());
        command.addAll(List.of(store.toString(), Long.toString(lastWrite + 1)));
        Process child =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        int seen = 0;
        long killAt = Long.MAX_VALUE;
        try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
            String line = lines.readLine();
            while (line != null) {
                if (line.startsWith("ack ")) {
                    lastWrite = Long.parseLong(line.substring(4));
                } else {
                    seen++;
                    compactions++;
                }
                if (seen == compactionsBefore && killAt == Long.MAX_VALUE) {
                    killAt = System.nanoTime() + millisMore * 1_000_000L;
                }
                if (System.nanoTime() >= killAt) {
                    // The process would close its stream, in which there are answers.
                    child.toHandle().destroyForcibly();
                }
                line = lines.readLine();
            }
        } finally {
            child.destroyForcibly();
        }
        assertThat(child.waitFor()).as("it was killed").isEqualTo(128 + 9);
    }

    /** Returns the last write that is there: what was answered, or one that had no answer yet. */
    private long verify(Vault vault) {
        long last = lastWrite;
        for (long write = Math.max(0, lastWrite - KillableCompaction.KEYS + 1);
                write <= lastWrite;
                write++) {
            String text =
                    vault.get("k" + write % KillableCompaction.KEYS).map(Memory::text).orElse("");
            long unanswered = write + KillableCompaction.KEYS;
            if (unanswered == lastWrite + 1 && text.equals("write " + unanswered)) {
                last = unanswered;
            } else {
                assertThat(text).isEqualTo("write " + write);
            }
        }
        return last;
    }

    private static List<String> leftovers(Path store) throws IOException {
        try (Stream<Path> files = Files.walk(store)) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(".tmp") || name.endsWith(".drop"))
                    .toList();
        }
    }

    @Test
    void quickCyclesOfWritingCompactingAndReopeningKeepEverything() throws Exception {
        Path store = directory.resolve("store");
        String largest = "x".repeat(1 << 20);
        String digest = "";
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            int now = cycle;
            try (Loam loam = Loam.open(store, LoamOptions.unencrypted())) {
                assertThat(loam.digest()).isEqualTo(cycle == 0 ? loam.digest() : digest);
                Vault vault = loam.vault("main");
                try (ExecutorService callers = Executors.newFixedThreadPool(16)) {
                    for (int i = 0; i < 16; i++) {
                        String key = "t" + i;
                        callers.execute(() -> vault.put(Memory.of(key + " in " + now).key(key)));
                    }
                }
                if (cycle % 10 == 0) {
                    vault.put(Memory.of(largest).key("largest"));
                }
                vault.put(Memory.of("of cycle " + cycle).key("c" + cycle));
                loam.compact(
                        cycle % 3 == 0 ? CompactOptions.normal() : CompactOptions.aggressive(),
                        Progress.NONE);
                digest = loam.digest();
            }
        }
        try (Loam loam = Loam.open(store, LoamOptions.unencrypted())) {
            Vault vault = loam.vault("main");
            assertThat(loam.rebuild(Progress.NONE).digestAfter()).isEqualTo(digest);
            for (int i = 0; i < 16; i++) {
                Optional<String> text = vault.get("t" + i).map(Memory::text);
                assertThat(text).contains("t" + i + " in " + (CYCLES - 1));
            }
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                assertThat(vault.get("c" + cycle).map(Memory::text)).contains("of cycle " + cycle);
            }
            assertThat(vault.get("largest").map(Memory::text)).contains(largest);
            assertThat(loam.verify(Progress.NONE).damage()).isEmpty();
        }
    }
}

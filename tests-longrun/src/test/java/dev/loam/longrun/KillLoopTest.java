package dev.loam.longrun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.Page;
import dev.loam.Progress;
import dev.loam.Vault;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An acknowledgement outlives the process that gave it. */
class KillLoopTest {
    private static final int KILLS = 20;
    private static final int AFTERWARDS = 30;
    private static final long SEED = 20260302;

    @TempDir Path directory;

    private final TreeSet<String> sent = new TreeSet<>();
    private final TreeSet<String> acknowledged = new TreeSet<>();

    @Test
    void nothingAcknowledgedIsLostOverTwentyKills() throws Exception {
        Path store = directory.resolve("store");
        Random random = new Random(SEED);
        for (int round = 0; round < KILLS; round++) {
            int before = acknowledged.size();
            runAndKill(store, round, random.nextInt(5, 500));
            assertThat(acknowledged.size()).as("round %d wrote", round).isGreaterThan(before);
            String digest = checkAndContinue(store, round);
            assertReopened(store, digest);
        }
        System.err.printf(
                "kill loop: seed %d, %d kills, %d acknowledged, 0 lost%n",
                SEED, KILLS, acknowledged.size());
    }

    private void runAndKill(Path store, int round, int millis) throws Exception {
        Process writer = start(store, round);
        try (BufferedReader lines = writer.inputReader(StandardCharsets.UTF_8)) {
            long deadline = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                note(line);
                if (deadline == 0 && line.startsWith("done ")) {
                    deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
                }
                if (deadline != 0 && System.nanoTime() > deadline) {
                    break;
                }
            }
            // Through the handle: it leaves the pipe open. What the pipe still holds was printed
            // before the kill, so it counts.
            writer.toHandle().destroyForcibly();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                note(line);
            }
        } finally {
            writer.destroyForcibly();
            assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static Process start(Path store, int round) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--"))
                .forEach(command::add);
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(
                List.of(KillableWriter.class.getName(), store.toString(), "%02d".formatted(round)));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** The last line may be torn by the kill: it then lacks its last characters. */
    private void note(String line) {
        String[] words = line.split(" ");
        if (words.length == 2 && words[0].equals("sent")) {
            sent.add(words[1]);
        } else if (words.length == 2 && words[0].equals("done") && sent.contains(words[1])) {
            acknowledged.add(words[1]);
        }
    }

    private String checkAndContinue(Path store, int round) {
        try (Loam loam = Loam.open(store, LoamOptions.unencrypted())) {
            Vault vault = loam.vault("main");
            for (String key : acknowledged) {
                assertThat(vault.get(key).map(Memory::text))
                        .as("acknowledged %s, seed %d, round %d", key, SEED, round)
                        .contains(KillableWriter.text(key));
            }
            for (Memory memory : all(vault)) {
                assertThat(sent).as("never sent").contains(memory.key());
                assertThat(memory.text()).isEqualTo(KillableWriter.text(memory.key()));
            }
            for (int i = 0; i < AFTERWARDS; i++) {
                String key = "%02d-after-%d".formatted(round, i);
                sent.add(key);
                vault.put(Memory.of(KillableWriter.text(key)).key(key));
                acknowledged.add(key);
            }
            return loam.digest();
        }
    }

    private void assertReopened(Path store, String digest) {
        try (Loam loam = Loam.open(store, LoamOptions.unencrypted())) {
            assertThat(loam.openReport().cleanlyClosed()).isTrue();
            assertThat(loam.digest()).isEqualTo(digest);
            assertThat(all(loam.vault("main"))).extracting(Memory::key).containsAll(acknowledged);
            assertThat(loam.verify(Progress.NONE).damage()).isEmpty();
        }
    }

    private static List<Memory> all(Vault vault) {
        List<Memory> memories = new ArrayList<>();
        Optional<Page.Cursor> cursor = Optional.empty();
        do {
            Page page = vault.scan("", 1_000, cursor);
            memories.addAll(page.memories());
            cursor = page.next();
        } while (cursor.isPresent());
        return memories;
    }
}

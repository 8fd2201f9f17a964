package dev.loam.longrun;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An acknowledgement outlives the process that gave it. A kill counts once the first answer of its
 * process was seen.
 */
class KillLoopTest {
    private static final int KILLS = Integer.getInteger("kills", 50);
    private static final long SEED = Long.getLong("seed", 20260302);
    private static final int KILLS_PER_STORE = 10;
    private static final int LANES = 2;
    private static final int AFTERWARDS = 30;

    @TempDir Path directory;

    @Test
    void nothingAcknowledgedIsLostHoweverOftenTheWriterIsKilled() throws Exception {
        String repeat =
                "./build -Dtest=KillLoopTest -Dsurefire.failIfNoSpecifiedTests=false -pl"
                        + " tests-longrun -am verify -Dkills=%d -Dseed=%d".formatted(KILLS, SEED);
        List<Future<Integer>> lanes = new ArrayList<>();
        int acknowledged = 0;
        try (ExecutorService executor = Executors.newFixedThreadPool(LANES)) {
            for (int from = 0; from < KILLS; from += KILLS_PER_STORE) {
                int first = from;
                int count = Math.min(KILLS_PER_STORE, KILLS - from);
                Callable<Integer> lane = () -> killOneStore(first, count, repeat);
                lanes.add(executor.submit(lane));
            }
            for (Future<Integer> lane : lanes) {
                acknowledged += lane.get();
            }
        }
        System.err.printf(
                "counters: kill loop seed=%d kills=%d acknowledged=%d lost=0; repeat: %s%n",
                SEED, KILLS, acknowledged, repeat);
    }

    private int killOneStore(int first, int count, String repeat) throws Exception {
        Random random = new Random(SEED + first);
        Path store = directory.resolve("store-" + first);
        Oracle oracle = new Oracle();
        Process verifier = Children.start(KillVerifier.class);
        try (BufferedReader verdicts = verifier.inputReader(StandardCharsets.UTF_8);
                BufferedWriter orders = verifier.outputWriter(StandardCharsets.UTF_8)) {
            for (int round = 0; round < count; round++) {
                int before = oracle.acknowledged().size();
                runAndKill(store, oracle, round, random.nextInt(5, 500));
                assertThat(oracle.acknowledged())
                        .as("kill %d counts; repeat: %s", first + round, repeat)
                        .hasSizeGreaterThan(before);
                orders.write(order(store, oracle, round));
                orders.flush();
                assertThat(verdict(verdicts, oracle))
                        .as("kill %d; repeat: %s", first + round, repeat)
                        .containsExactly("verified");
            }
        } finally {
            verifier.destroyForcibly().waitFor();
        }
        return oracle.acknowledged().size();
    }

    private String order(Path store, Oracle oracle, int round) throws IOException {
        Path heard = directory.resolve(store.getFileName() + ".heard");
        Files.write(heard, oracle.lines());
        return "%s %s %02d %d%n".formatted(store, heard, round, AFTERWARDS);
    }

    /** What the verifier said, but for the lines of what it wrote itself. */
    private static List<String> verdict(BufferedReader lines, Oracle oracle) throws IOException {
        List<String> verdict = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("sent ") || line.startsWith("done ")) {
                oracle.note(line);
                continue;
            }
            verdict.add(line);
            if (line.equals("verified") || line.equals("refuted")) {
                break;
            }
        }
        return verdict;
    }

    private static void runAndKill(Path store, Oracle oracle, int round, int millis)
            throws Exception {
        Process writer =
                Children.start(KillableWriter.class, store.toString(), "%02d".formatted(round));
        try (BufferedReader lines = writer.inputReader(StandardCharsets.UTF_8)) {
            long deadline = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                oracle.note(line);
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
                oracle.note(line);
            }
        } finally {
            writer.destroyForcibly();
            assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}

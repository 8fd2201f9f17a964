package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.longrun.Children;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever became of one byte, one length or one file of a small store, its data is returned as it
 * was or named as damaged, by a process that neither hangs nor dies.
 */
class BitRotTest {
    private static final long SEED = Long.getLong("seed", 20261121);

    /** So many cases are between two lines of a child, and one may take 10 seconds. */
    private static final long SILENCE_SECONDS_MAX = 20;

    private static final int LANES = 2;
    private static final String END = "";

    @TempDir(factory = MemoryTempDir.class)
    Path directory;

    @Test
    void damageIsNamedAndConfinedOrHarmless() throws Exception {
        List<Future<List<String>>> children = new ArrayList<>();
        List<String> said = new ArrayList<>();
        try (ExecutorService lanes = Executors.newFixedThreadPool(LANES)) {
            for (String kind :
                    List.of("flip", "zero", "cut", "open-flip", "open-zero", "open-cut", "files")) {
                children.add(lanes.submit(() -> sweep(kind)));
            }
            for (Future<List<String>> child : children) {
                said.addAll(child.get());
            }
        }
        System.err.printf(
                "counters: bit rot seed=%d %s; repeat: ./build -Dtest=BitRotTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -pl tests-longrun -am verify"
                        + " -Dseed=%d%n",
                SEED, said.stream().filter(line -> line.startsWith("done ")).toList(), SEED);
        assertThat(said).filteredOn(line -> !line.startsWith("done ")).isEmpty();
        assertThat(said).hasSameSizeAs(children);
    }

    /** What the child said, but for where it was; and that it fell silent, if it did. */
    private List<String> sweep(String kind) throws Exception {
        Path place = Files.createDirectory(directory.resolve(kind));
        Process child =
                Children.start(BitRotChild.class, place.toString(), kind, Long.toString(SEED));
        LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread.ofVirtual().start(() -> forward(child, lines));
        List<String> said = new ArrayList<>();
        String at = "its beginning";
        try {
            while (true) {
                String line = lines.poll(SILENCE_SECONDS_MAX, TimeUnit.SECONDS);
                if (line == null) {
                    said.add(kind + " hangs after " + at);
                    return said;
                }
                if (line.equals(END)) {
                    int status = child.waitFor();
                    if (status != 0) {
                        said.add(kind + " died with status " + status + " after " + at);
                    }
                    return said;
                }
                if (line.startsWith("at ")) {
                    at = line;
                } else {
                    said.add(line);
                }
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    private static void forward(Process child, LinkedBlockingQueue<String> lines) {
        try (BufferedReader output = child.inputReader(StandardCharsets.UTF_8)) {
            output.lines().filter(line -> !line.isEmpty()).forEach(lines::add);
        } catch (IOException | UncheckedIOException killed) {
            lines.add("its output broke off: " + killed);
        }
        lines.add(END);
    }
}

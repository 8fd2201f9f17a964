package dev.loam.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SilenceTest {
    /** What the other process runs. */
    static final class Embedding {
        private Embedding() {}

        public static void main(String[] arguments) {
            try (Workbench bench = new Workbench()) {
                bench.carry(List.of(Note.of("a", "kettle").vector(1, 2, 3)));
                bench.search(
                        new SearchRequest(
                                Note.vault(1),
                                "kettle",
                                Optional.of(new QueryVector(Note.MODEL, 1, 2, 3)),
                                SearchFilter.all(),
                                10));
                bench.checkpoint();
                bench.reopen();
            }
        }
    }

    @Test
    void nothingIsPrintedByTheProcessThatTheIndexIsEmbeddedIn()
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Embedding.class.getName())
                        .redirectErrorStream(true)
                        .start();

        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(printed).isZero();
        assertThat(printed).isEmpty();
    }
}

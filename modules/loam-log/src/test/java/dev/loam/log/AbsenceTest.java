package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the log's sources never do. */
class AbsenceTest {
    private static final Path SOURCES = Path.of("src/main/java");

    @Test
    void logHasNoTailerNoMappingNoClockNoThreadAndNoForceOfChronicles() throws IOException {
        List<String> banned =
                List.of(
                        "createTailer",
                        "moveToIndex",
                        "MapMode",
                        ".sync()",
                        "currentTimeMillis()",
                        "nanoTime",
                        "Instant.now",
                        "new Thread",
                        "Thread.sleep",
                        "System.out",
                        "System.err");
        for (Path source : sources()) {
            String text = Files.readString(source);
            // The clock of Chronicle's that stands still is asked through its own interface.
            String judged = text.replace("time.currentTimeMillis()", "");
            assertThat(banned).as("%s", source).noneMatch(judged::contains);
        }
    }

    @Test
    void onlyTheChronicleSegmentKnowsChronicle() throws IOException {
        for (Path source : sources()) {
            boolean knows = Files.readString(source).contains("net.openhft");
            assertThat(knows).as("%s", source).isEqualTo(source.endsWith("ChronicleSegment.java"));
        }
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> tree = Files.walk(SOURCES)) {
            List<Path> sources =
                    tree.filter(path -> path.toString().endsWith(".java")).sorted().toList();
            assertThat(sources).hasSizeGreaterThan(20);
            return sources;
        }
    }
}

package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SourceFilesTest {
    private static final int LINES_MAX = 600;

    @Test
    void noSourceFileIsLongerThanAReaderCanHold() throws IOException {
        try (Stream<Path> modules = Files.walk(Path.of("../../modules"));
                Stream<Path> longRun = Files.walk(Path.of("../../tests-longrun"))) {
            List<String> tooLong =
                    Stream.concat(modules, longRun)
                            .filter(file -> file.toString().endsWith(".java"))
                            .filter(file -> !file.toString().contains("/target/"))
                            .filter(file -> lines(file) > LINES_MAX)
                            .map(Path::toString)
                            .toList();
            assertThat(tooLong).isEmpty();
        }
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}

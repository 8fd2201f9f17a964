package dev.loam.embed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process of its own shows: what it prints, writes and needs. */
final class ChildProcessTest {
    @TempDir private Path scratch;

    @Test
    void itLeavesNothingInTheHomeOrTemporaryDirectoryAndPrintsNothing() throws Exception {
        Path temporary = Files.createDirectory(scratch.resolve("tmp"));
        assertThat(run(temporary)).isEqualTo(new Outcome(0, "", ""));
        assertThat(entries(scratch.resolve("home"))).isEmpty();
        assertThat(entries(temporary)).isEmpty();
    }

    @Test
    void withoutATemporaryDirectoryTheErrorSaysThatBm25WorksAlone() throws Exception {
        Outcome outcome = run(scratch.resolve("absent"));
        assertThat(outcome.exitCode()).isEqualTo(EmbedOnce.REFUSED);
        assertThat(outcome.output()).startsWith("INVALID_CONFIG: ").contains("absent", "BM25");
    }

    private record Outcome(int exitCode, String output, String errors) {}

    private Outcome run(Path temporary) throws IOException, InterruptedException {
        Path home = Files.createDirectory(scratch.resolve("home"));
        Path output = scratch.resolve("output");
        Path errors = scratch.resolve("errors");
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Duser.home=" + home,
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        runtimeClassPath(),
                        EmbedOnce.class.getName());
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        builder.environment().put("HOME", home.toString());
        builder.redirectOutput(output.toFile()).redirectError(errors.toFile());
        int exitCode = builder.start().waitFor();
        return new Outcome(
                exitCode, Files.readString(output, UTF_8), Files.readString(errors, UTF_8));
    }

    /** Of the tests' class path what a user of the module has: no tokenizer library, no JSON. */
    private static String runtimeClassPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(
                        entry ->
                                Files.isDirectory(Path.of(entry))
                                        || Stream.of("loam-", "onnxruntime-", "bge-small-en-v15-q")
                                                .anyMatch(entry::contains))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static List<Path> entries(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.toList();
        }
    }
}

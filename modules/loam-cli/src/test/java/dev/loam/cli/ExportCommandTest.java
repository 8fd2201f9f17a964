package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.loam.json.JsonObject;
import dev.loam.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExportCommandTest {
    @TempDir private Path home;
    @TempDir private Path other;

    private static Run run(Path home, String... arguments) {
        Run run = Run.of(home, arguments);
        assertThat(run.code()).as(run.err()).isZero();
        return run;
    }

    private void remember() throws IOException {
        Path file = home.resolve("memories.jsonl");
        Files.writeString(
                file,
                """
                {"key":"a","text":"one","tags":["x","y"],"fields":{"session":"s1","n":7}}
                {"key":"b","text":"two \\u0000 \\ud83d\\ude00","fields":{"r":0.1,"t":{"moment":"2026-01-31T12:00:00Z"}}}
                {"key":"c","text":"","counters":{"hits":-3},"logs":{"l":["e1",2]},"vectors":{"m":"AACAPw=="}}
                {"key":"gone","text":"deleted"}
                """);
        run(home, "import", file.toString(), "--no-model");
        run(home, "delete", "gone");
    }

    private Path export(String... options) {
        Path file = home.resolve("vault.export");
        String[] arguments =
                Stream.concat(Stream.of("export", "--output", file.toString()), Stream.of(options))
                        .toArray(String[]::new);
        run(home, arguments);
        return file;
    }

    private static List<String> memories(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.contains("\"memory\""))
                .toList();
    }

    @Test
    void whatIsExportedIsImportedElsewhereAsItWas() throws IOException {
        remember();
        Path file = export();

        Run imported = run(other, "import", file.toString(), "--no-model", "--json");

        assertThat(imported.document().member("remembered")).contains(new JsonValue.Whole(3));
        Path again = other.resolve("again.export");
        run(other, "export", "--output", again.toString());
        assertThat(memories(again)).hasSize(3).isEqualTo(memories(file));
        assertThat(Files.readString(file)).doesNotContain("deleted");
    }

    @Test
    void importingAnExportTwiceWritesNothingMore() throws IOException {
        remember();
        Path file = export();
        run(other, "import", file.toString(), "--no-model");
        Run before = run(other, "status", "--json");

        run(other, "import", file.toString(), "--no-model");
        Run merged = run(other, "import", file.toString(), "--no-model", "--merge", "--json");

        assertThat(merged.document().member("skipped")).contains(new JsonValue.Whole(3));
        Run after = run(other, "status", "--json");
        assertThat(after.document().member("digest")).isEqualTo(before.document().member("digest"));
        assertThat(after.document().member("end")).isEqualTo(before.document().member("end"));
    }

    @Test
    void aVaultThatIsThereIsChangedOnlyByMerging() throws IOException {
        remember();
        Path file = export();
        run(other, "remember", "--key", "a", "--no-model", "mine");
        run(other, "remember", "--key", "z", "--no-model", "stays");

        Run refused = Run.of(other, "import", file.toString(), "--no-model");
        assertThat(refused.code()).isEqualTo(ExitCode.FAILED.number());
        assertThat(refused.err()).startsWith("loam: EXISTS: ").contains("--merge");
        assertThat(run(other, "get", "a").out()).contains("mine");

        run(other, "import", file.toString(), "--no-model", "--merge");
        assertThat(run(other, "get", "a").out()).contains("one");
        assertThat(run(other, "get", "z").out()).contains("stays");
    }

    /** The file is whole and in order; only the store knows that its third memory does not fit. */
    @Test
    void nothingIsWrittenOfAnExportWhoseVectorsAreOfAnotherDimensionThanTheStores()
            throws IOException {
        remember();
        Path file = export();
        Path mine = other.resolve("mine.jsonl");
        Files.writeString(
                mine, "{\"key\":\"z\",\"text\":\"t\",\"vectors\":{\"m\":\"AACAPwAAgD8=\"}}");
        run(other, "import", mine.toString(), "--no-model");
        Run before = run(other, "status", "--json");

        Run refused = Run.of(other, "import", file.toString(), "--no-model", "--merge");

        assertThat(refused.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(refused.err())
                .startsWith("loam: INVALID_ARGUMENT: a vector of the model m has 1 dimensions");
        Run after = run(other, "status", "--json");
        assertThat(after.document().member("end")).isEqualTo(before.document().member("end"));
    }

    @Test
    void nothingIsWrittenOfAnExportWhoseVectorsOfOneModelDiffer() throws IOException {
        remember();
        String lines = Files.readString(export());
        String memory =
                lines.lines().filter(line -> line.contains("\"key\":\"c\"")).findFirst().get();
        String another = memory.replace("\"c\"", "\"d\"").replace("AACAPw==", "AACAPwAAgD8=");
        Path file = other.resolve("by-hand.export");
        Files.writeString(file, whole(lines.replace(memory, memory + "\n" + another)));

        Run refused = Run.of(other, "import", file.toString(), "--no-model");

        assertThat(refused.err())
                .startsWith("loam: INVALID_ARGUMENT: line 5: a vector of the model m");
        assertThat(other.resolve(".loam")).doesNotExist();
    }

    /** What an export consists of, with a last line that fits. */
    private static String whole(String lines) {
        List<String> before = lines.lines().filter(line -> !line.startsWith("{\"end\"")).toList();
        String content = String.join("\n", before) + "\n";
        return content
                + "{\"end\":{\"memories\":"
                + (before.size() - 1)
                + ",\"changes\":0,\"sha256\":\""
                + sha256(content)
                + "\"}}\n";
    }

    private static String sha256(String content) {
        try {
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException absent) {
            throw new AssertionError(absent);
        }
    }

    @Test
    void whatCanBeReadOnlyOnceIsNoExport() throws IOException {
        Path pipe = other.resolve("pipe");
        assumeThat(makePipe(pipe)).as("mkfifo is there").isTrue();

        Run refused = Run.of(other, "import", pipe.toString(), "--no-model");

        assertThat(refused.err())
                .startsWith("loam: INVALID_ARGUMENT: " + pipe + " can be read only once");
    }

    private static boolean makePipe(Path pipe) throws IOException {
        try {
            return new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void theFileIsItsOwnersAloneAndReplacesNone() throws IOException {
        remember();
        Path file = export();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        byte[] before = Files.readAllBytes(file);
        Run second = Run.of(home, "export", "--output", file.toString());
        assertThat(second.code()).isEqualTo(ExitCode.FAILED.number());
        assertThat(second.err()).startsWith("loam: EXISTS: ");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        Run absent =
                Run.of(home, "export", "--vault", "none", "--output", home.resolve("n").toString());
        assertThat(absent.code()).isEqualTo(ExitCode.NOT_FOUND.number());
        try (Stream<Path> left = Files.list(home)) {
            assertThat(left.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder(".loam", "memories.jsonl", "vault.export");
        }
    }

    @Test
    void stdoutGetsTheExportAndNothingElse() throws IOException {
        remember();
        Run run = run(home, "export");
        assertThat(run.out()).startsWith("{\"loamExport\":1,").endsWith("\"}}\n");
        assertThat(run.out().lines()).hasSize(5);
        Path file = other.resolve("piped");
        Files.writeString(file, run.out());
        run(other, "import", file.toString(), "--no-model");
        assertThat(Run.of(home, "export", "--json").code()).isEqualTo(ExitCode.USAGE.number());
    }

    @Test
    void aSessionAloneAndNoVectorsCanBeAskedFor() throws IOException {
        remember();
        Path file = export("--session", "s1");
        assertThat(memories(file)).singleElement().asString().contains("\"key\":\"a\"");
        Files.delete(file);
        Run none = Run.of(home, "export", "--session", "s9", "--output", file.toString());
        assertThat(none.code()).isEqualTo(ExitCode.NOT_FOUND.number());
        assertThat(none.err()).contains("\"s9\"");
        assertThat(file).doesNotExist();
        assertThat(Files.readString(export("--no-vectors"), StandardCharsets.UTF_8))
                .doesNotContain("\"vectors\":{");
    }

    @Test
    void historySaysWhoChangedWhatAndWhen() throws IOException {
        remember();
        run(home, "remember", "--key", "a", "--no-model", "changed");
        Path file = export("--history");
        assertThat(Files.readString(file))
                .contains("\"from\":\"one\",\"to\":\"changed\"")
                .contains("{\"complete\":true}");
        Run imported = run(other, "import", file.toString(), "--no-model");
        assertThat(imported.err()).contains("--history keeps it");
        assertThat(run(other, "get", "a").out()).contains("changed");
        assertThat(Run.of(other, "get", "loam.origin/a").code())
                .isEqualTo(ExitCode.NOT_FOUND.number());
    }

    /** Who changed what elsewhere is not told as if it had happened here. */
    @Test
    void historyThatIsKeptIsWhatTheFileSays() throws IOException {
        remember();
        run(home, "remember", "--key", "a", "--no-model", "changed");
        Path file = export("--history");
        List<String> changes =
                Files.readAllLines(file).stream()
                        .filter(line -> line.startsWith("{\"change\":"))
                        .toList();

        run(other, "import", file.toString(), "--no-model", "--history");

        JsonObject note = run(other, "get", "loam.origin/a", "--json").object("memory");
        JsonObject fields = (JsonObject) note.member("fields").orElseThrow();
        assertThat(fields.member("origin.key")).contains(new JsonValue.Text("a"));
        JsonObject logs = (JsonObject) note.member("logs").orElseThrow();
        JsonValue.Sequence kept = (JsonValue.Sequence) logs.member("origin.changes").orElseThrow();
        assertThat(kept.elements())
                .isNotEmpty()
                .allSatisfy(
                        each ->
                                assertThat(changes)
                                        .contains(
                                                "{\"change\":"
                                                        + ((JsonValue.Text) each).text().strip()
                                                        + "}"));
        assertThat(run(other, "history", "a").out()).doesNotContain("one");
        Run again = run(other, "import", file.toString(), "--no-model", "--history", "--json");
        assertThat(again.document().member("remembered")).contains(new JsonValue.Whole(0));
    }
}

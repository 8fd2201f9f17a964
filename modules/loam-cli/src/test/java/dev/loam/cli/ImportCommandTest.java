package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImportCommandTest {
    @TempDir private Path home;

    @Test
    void importingTwiceRemembersOnce() throws IOException {
        Path file = file("m.jsonl", "{\"text\":\"one\"}\n{\"key\":\"k\",\"text\":\"two\"}\n");
        assertCounts(run(file), 2, 0);
        assertCounts(run(file), 0, 2);
    }

    @Test
    void importIsTheSameAtEachDurability() throws IOException {
        for (String level : List.of("none", "wal", "full")) {
            Path file = file(level + ".jsonl", "{\"text\":\"" + level + "\"}\n");
            Run run =
                    Run.of(
                            home,
                            "import",
                            file.toString(),
                            "--no-model",
                            "--json",
                            "--durability",
                            level);
            assertThat(run.code()).isEqualTo(ExitCode.OK.number());
            assertCounts(run, 1, 0);
        }
    }

    @Test
    void whatChangedIsRememberedAgain() throws IOException {
        run(file("m.jsonl", "{\"key\":\"k\",\"text\":\"old\",\"tags\":[\"a\"]}"));
        assertCounts(
                run(file("m.jsonl", "{\"key\":\"k\",\"text\":\"old\",\"tags\":[\"b\"]}")), 1, 0);
        assertThat(Run.of(home, "get", "k").out()).contains("tags:  b\n");
    }

    @Test
    void whatCameBeforeAMalformedLineIsKeptAndCounted() throws IOException {
        Path file =
                file("m.jsonl", "{\"text\":\"1\"}\n{\"text\":\"2\"}\nnonsense\n{\"text\":\"4\"}\n");

        Run run = Run.of(home, "import", file.toString(), "--no-model", "--json");

        assertThat(run.code()).isEqualTo(ExitCode.FAILED.number());
        assertThat(run.err()).startsWith("loam: INVALID_JSON: line 3: ");
        assertCounts(run, 2, 0);
        assertThat(run.object("error").members().get("code"))
                .isEqualTo(new JsonValue.Text("INVALID_JSON"));
    }

    @Test
    void linesOfTheSameKeyAreTakenInTheirOrder() throws IOException {
        String lines =
                IntStream.rangeClosed(1, 300)
                        .mapToObj(i -> "{\"key\":\"k\",\"text\":\"version " + i + "\"}")
                        .collect(Collectors.joining("\n"));
        run(file("m.jsonl", lines));
        assertThat(Run.of(home, "get", "k").out()).endsWith("\nversion 300\n");
    }

    @Test
    void theFormatIsKnownByNameOrFirstCharacter() throws IOException {
        assertCounts(run(file("notes.txt", "[12:30] not LoCoMo\n{} not JSON\n")), 2, 0);
        assertCounts(run(file("notes", "a plain line\n\nanother\n")), 2, 0);
        assertCounts(run(file("lines", " {\"text\":\"json\"}\n")), 1, 0);
        assertCounts(
                run(
                        file(
                                "talk.json",
                                "[{\"sample_id\":\"c\",\"conversation\":{\"session_1_date_time\":"
                                        + "\"1:00 pm on 1 May, 2023\",\"session_1\":[{\"speaker\":\"A\","
                                        + "\"dia_id\":\"D1:1\",\"text\":\"hi\"}]}}]")),
                1,
                0);
        assertThat(Run.of(home, "get", "c/D01:001").out()).contains("A: hi");
    }

    @Test
    void aFileThatIsNotThereIsNotFound() {
        Run run = Run.of(home, "import", home.resolve("none").toString(), "--no-model");
        assertThat(run.code()).isEqualTo(ExitCode.NOT_FOUND.number());
        assertThat(run.err()).startsWith("loam: NOT_FOUND: ").hasLineCount(1);
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(home.resolve(name), content);
    }

    private Run run(Path file) {
        Run run = Run.of(home, "import", file.toString(), "--no-model", "--json");
        assertThat(run.code()).as(run.err()).isZero();
        return run;
    }

    private static void assertCounts(Run run, long remembered, long skipped) {
        assertThat(run.document().members())
                .containsEntry("remembered", new JsonValue.Whole(remembered))
                .containsEntry("skipped", new JsonValue.Whole(skipped));
    }
}

package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.json.JsonObject;
import dev.loam.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoCommandTest {
    @TempDir private Path home;

    @Test
    void everyPromiseHoldsWithAFileOfOnesOwn() throws IOException {
        Path file =
                Files.writeString(
                        home.resolve("talk.txt"),
                        IntStream.range(0, 50)
                                .mapToObj(i -> "Ada: apple tree number " + i + " was watered")
                                .collect(Collectors.joining("\n")));
        Path kept = home.resolve("kept");

        Run run =
                Run.of(
                        home,
                        "demo",
                        "--no-model",
                        "--json",
                        "--input=" + file,
                        "--ask=Which apple tree?",
                        "--keep=" + kept);

        assertThat(run.code()).as(run.out() + run.err()).isZero();
        assertThat(run.document().members().get("ok")).isEqualTo(new JsonValue.Truth(true));
        assertThat(run.elements("steps"))
                .hasSize(5)
                .allSatisfy(
                        step ->
                                assertThat(((JsonObject) step).members().get("ok"))
                                        .isEqualTo(new JsonValue.Truth(true)));
        assertThat(kept).isNotEmptyDirectory();
        assertThat(home.resolve(".loam")).doesNotExist();
    }

    @Test
    void aKeptDirectoryMustBeEmpty() throws IOException {
        Files.writeString(home.resolve("mine"), "x");
        Path file = Files.writeString(home.resolve("talk.txt"), "Ada: hello");
        Run run = Run.of(home, "demo", "--no-model", "--input=" + file, "--keep=" + home);
        assertThat(run.code()).isEqualTo(ExitCode.FAILED.number());
        assertThat(run.err()).startsWith("loam: EXISTS: ");
    }
}

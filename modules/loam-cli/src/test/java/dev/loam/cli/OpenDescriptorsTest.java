package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code tools/open-descriptors.sh}, by what a program that is started after it finds. */
final class OpenDescriptorsTest {
    @Test
    void aClosedInputIsAnEmptyOne() throws Exception {
        assertThat(run("<&-", "wc -c </dev/fd/0; echo code $?").lines().map(String::strip))
                .containsExactly("0", "code 0");
    }

    @Test
    void aClosedOutputTakesNothing() throws Exception {
        assertThat(run(">&-", "echo lost 2>/dev/null; echo code $? >&2")).contains("code 1");
    }

    @Test
    void aClosedErrorOutputTakesWhatNobodyReads() throws Exception {
        assertThat(run("2>&-", "echo lost >&2; echo code $?")).contains("code 0");
    }

    @Test
    void whatIsOpenStaysAsItIs() throws Exception {
        assertThat(run("", "cat; echo out; echo err >&2")).contains("typed", "out", "err");
    }

    private static String run(String closing, String command) throws Exception {
        Path launcher = Path.of("..", "..", "loam");
        assertThat(Files.readString(launcher)).contains("/tools/open-descriptors.sh");
        Process process =
                new ProcessBuilder(
                                "/bin/sh",
                                "-euc",
                                "sh -c 'set +e; . ../../tools/open-descriptors.sh; "
                                        + "loam_open_descriptors; "
                                        + command
                                        + "' "
                                        + closing)
                        .redirectErrorStream(true)
                        .start();
        try (var stdin = process.getOutputStream()) {
            stdin.write("typed\n".getBytes(StandardCharsets.UTF_8));
        } catch (IOException closed) {
            // Whoever closed its input reads nothing.
            assertThat(closing).isEqualTo("<&-");
        }
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}

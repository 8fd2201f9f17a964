package dev.loam.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Two targets that the commit chooses, so that many commits see all of them and each repeats its
 * own. Not one of the tests of every build: {@code ./build verify} runs it behind them.
 */
class FuzzRun {
    private static final int SECONDS = 60;

    /** Of the first digits of a commit's name. */
    private static final int DIGITS = 7;

    private static final int HEXADECIMAL = 16;

    @Test
    void twoTargetsOfThisCommitFindNothing() throws Exception {
        Optional<String> obstacle = FuzzProcess.obstacle();
        obstacle.ifPresent(why -> System.err.println("skipped: fuzzing: " + why));
        assumeTrue(obstacle.isEmpty(), () -> "fuzzing: " + obstacle);
        assertThat(Fuzz.run(chosen(), Path.of("target", "fuzz").toAbsolutePath(), SECONDS))
                .as("tools/fuzz TARGET --input FILE repeats what the log names")
                .isTrue();
    }

    private static List<String> chosen() throws Exception {
        List<String> names = FuzzTargets.names();
        int first = (int) (commit() % names.size());
        int second = (first + names.size() / 2) % names.size();
        return List.of(names.get(first), names.get(second));
    }

    /** Where there is no repository, the first ones are run. */
    private static long commit() throws InterruptedException {
        try {
            Process git =
                    new ProcessBuilder("git", "rev-parse", "HEAD")
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String name = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return git.waitFor() == 0 ? Long.parseLong(name.substring(0, DIGITS), HEXADECIMAL) : 0;
        } catch (IOException absent) {
            return 0;
        }
    }
}

package dev.loam.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code loam warm-up}: runs the short commands once in a temporary store, so that the JVM can
 * record which classes they need and load them faster ever after.
 */
@Command(name = "warm-up", hidden = true, description = "What the launcher runs after a build.")
final class WarmUpCommand implements Callable<Integer> {
    private static final List<List<String>> RUNS =
            List.of(
                    List.of("--help"),
                    List.of("remember", "The key is under the stone.", "--key", "k", "--tag", "t"),
                    List.of("remember", "Where is the key?", "--session", "s", "--json"),
                    List.of("get", "k"),
                    List.of("get", "k", "--json"),
                    List.of("recall", "key"),
                    List.of("recall", "key", "--json", "--no-model"),
                    List.of("ls"),
                    List.of("stats"),
                    List.of("verify"),
                    List.of("delete", "k"));

    @Mixin private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        Surroundings own = common.surroundings();
        PrintStream nowhere =
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try (TemporaryDirectory directory = TemporaryDirectory.create()) {
            Surroundings quiet =
                    new Surroundings(
                            Map.of(),
                            directory.path(),
                            InputStream.nullInputStream(),
                            nowhere,
                            own.err(),
                            SecretInput.none(),
                            false,
                            own.columns());
            for (List<String> run : RUNS) {
                int code = Main.run(quiet, run.toArray(String[]::new));
                if (code != ExitCode.OK.number()) {
                    return code;
                }
            }
        }
        return ExitCode.OK.number();
    }
}

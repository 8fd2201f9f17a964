package dev.loam.cli;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.json.LoamJson;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;

/** Starts the command line and turns whatever happens into an exit code. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(Surroundings.ofProcess(), arguments));
    }

    /** One run; never throws. Both output streams are flushed when it returns. */
    static int run(Surroundings surroundings, String... arguments) {
        boolean json = List.of(arguments).contains("--json");
        try {
            return commandLine(surroundings, json).execute(arguments);
        } catch (AssertionError | RuntimeException bug) {
            LoamException reported =
                    new LoamException(ErrorCode.BUG, "this is a fault of Loam's: " + bug, bug);
            bug.printStackTrace(surroundings.err());
            return report(surroundings, json, reported);
        } finally {
            surroundings.out().flush();
            surroundings.err().flush();
        }
    }

    private static CommandLine commandLine(Surroundings surroundings, boolean json) {
        CommandLine commandLine = new CommandLine(new RootCommand(surroundings));
        commandLine.setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8));
        commandLine.setUsageHelpWidth(surroundings.columns());
        commandLine.setExecutionExceptionHandler(
                (thrown, command, parsed) -> {
                    if (thrown instanceof LoamException expected
                            && expected.code() != ErrorCode.BUG) {
                        return report(surroundings, json, expected);
                    }
                    throw thrown;
                });
        commandLine.setParameterExceptionHandler(
                (wrong, args) ->
                        report(
                                surroundings,
                                json,
                                new LoamException(
                                        ErrorCode.INVALID_ARGUMENT,
                                        wrong.getMessage()
                                                + "; see `"
                                                + wrong.getCommandLine()
                                                        .getCommandSpec()
                                                        .qualifiedName()
                                                + " --help`",
                                        wrong)));
        return commandLine;
    }

    private static int report(Surroundings surroundings, boolean json, LoamException error) {
        surroundings.out().flush();
        surroundings.err().println("loam: " + error);
        if (json) {
            surroundings.out().println(LoamJson.error(error));
        }
        return ExitCode.of(error.code()).number();
    }
}

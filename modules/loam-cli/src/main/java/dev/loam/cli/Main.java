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
        RootCommand root = new RootCommand(surroundings);
        try {
            CommandLine commandLine = new CommandLine(root);
            Commands.addTo(commandLine, arguments);
            configure(commandLine, root, json);
            return answered(root, json, commandLine.execute(arguments));
        } catch (AssertionError | RuntimeException bug) {
            LoamException reported =
                    new LoamException(ErrorCode.BUG, "this is a fault of Loam's: " + bug, bug);
            bug.printStackTrace(surroundings.err());
            return report(root, json, reported);
        } finally {
            surroundings.out().flush();
            surroundings.err().flush();
        }
    }

    /** What was done is done, but an answer that nobody got must not pass for one. */
    private static int answered(RootCommand root, boolean json, int code) {
        if (!root.surroundings().out().checkError() || code != ExitCode.OK.number()) {
            return code;
        }
        return report(
                root,
                json,
                new LoamException(
                        ErrorCode.IO_FAILED,
                        "stdout takes no more, and the answer is lost or cut; what the command"
                                + " changed stays changed"));
    }

    private static void configure(CommandLine commandLine, RootCommand root, boolean json) {
        Surroundings surroundings = root.surroundings();
        commandLine.setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8));
        // Enumerations are written in lower case on a command line.
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpWidth(surroundings.columns());
        commandLine.setExecutionExceptionHandler(
                (thrown, command, parsed) -> {
                    if (thrown instanceof LoamException expected
                            && expected.code() != ErrorCode.BUG) {
                        return report(root, json, expected);
                    }
                    throw thrown;
                });
        commandLine.setParameterExceptionHandler(
                (wrong, args) ->
                        report(
                                root,
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
        document(commandLine);
    }

    /** Puts the exit codes at the foot of each command's help. */
    private static void document(CommandLine commandLine) {
        commandLine
                .getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("Exit codes:%n")
                .exitCodeList(ExitCode.descriptions());
        commandLine.getSubcommands().values().forEach(Main::document);
    }

    private static int report(RootCommand root, boolean json, LoamException error) {
        Surroundings surroundings = root.surroundings();
        surroundings.out().flush();
        surroundings.err().println("loam: " + error);
        if (json && !root.isAnswered()) {
            surroundings.out().println(LoamJson.error(error));
        }
        return ExitCode.of(error.code()).number();
    }
}

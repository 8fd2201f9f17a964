package dev.loam.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code loam} itself. */
@Command(
        name = "loam",
        description = "A local-first memory for agents: it survives crashes and follows its owner.",
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND")
final class RootCommand implements Runnable {
    private final Surroundings surroundings;
    private boolean answered;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "Show the version.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean version;

    RootCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    /** Whether an answer has left for stdout, after which no second document may. */
    boolean isAnswered() {
        return answered;
    }

    void answered() {
        answered = true;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command is given");
    }
}

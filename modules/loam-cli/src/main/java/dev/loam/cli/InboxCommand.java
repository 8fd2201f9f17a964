package dev.loam.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code loam inbox}. */
@Command(
        name = "inbox",
        description = {
            "What a device wrote while the others went on without it for too long, and what was",
            "not written again when it came home, because it would have beaten newer work.",
            "The inbox is a part of the vault: any device may settle what is in it."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {InboxListCommand.class, InboxResolveCommand.class})
final class InboxCommand implements Runnable {
    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private final HelpOption help = new HelpOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "list or resolve is missing");
    }
}

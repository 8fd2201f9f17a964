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
            "What a device that was away too long had written and could not write again.",
            "The others had gone on without it; it would have beaten newer work when it came home."
                    + " The inbox is a part of the vault: any device may settle what is in it."
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

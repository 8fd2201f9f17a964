package dev.loam.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code loam peers}. */
@Command(
        name = "peers",
        description = {
            "The devices that this store is paired with.",
            "`loam sync serve --pair` and `loam sync pair` add one."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            PeersListCommand.class,
            PeersRenameCommand.class,
            PeersRemoveCommand.class,
            PeersRevokeCommand.class
        })
final class PeersCommand implements Runnable {
    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private final HelpOption help = new HelpOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "list, rename, remove or revoke is missing");
    }
}

package dev.loam.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code loam key}. */
@Command(
        name = "key",
        description = {
            "The ways to the master key of an encrypted store, and its changes.",
            "Each way is a slot; any one opens the store."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            KeyListCommand.class,
            KeyStatusCommand.class,
            KeyAddCommand.class,
            KeyRemoveCommand.class,
            KeyRotateCommand.class,
            KeyVerifyCommand.class
        })
final class KeyCommand implements Runnable {
    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private final HelpOption help = new HelpOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "list, status, add, remove, rotate or verify is missing");
    }
}

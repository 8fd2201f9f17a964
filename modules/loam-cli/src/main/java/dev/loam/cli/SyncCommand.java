package dev.loam.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code loam sync}. */
@Command(
        name = "sync",
        description = {
            "Exchange memories with other devices, directly and without a server between.",
            "On one device: loam sync serve --pair. On the other: loam sync pair TEXT, once, with"
                    + " the text that serve printed; and whenever wanted: loam sync now."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {SyncServeCommand.class, SyncPairCommand.class, SyncNowCommand.class})
final class SyncCommand implements Runnable {
    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private final HelpOption help = new HelpOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "serve, pair or now is missing");
    }
}

package dev.loam.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code loam audit}. */
@Command(
        name = "audit",
        description = {
            "The audit trail: who came to the store's keys, which devices came and went, what was"
                    + " written out, thrown away or put back.",
            "It holds ids and times, never what is stored."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {AuditListCommand.class, AuditVerifyCommand.class})
final class AuditCommand implements Runnable {
    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private final HelpOption help = new HelpOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "list or verify is missing");
    }
}

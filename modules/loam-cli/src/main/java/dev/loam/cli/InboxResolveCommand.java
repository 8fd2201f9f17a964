package dev.loam.cli;

import dev.loam.Inbox;
import dev.loam.LoamOptions;
import dev.loam.json.InboxJson;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loam inbox resolve}. */
@Command(name = "resolve", description = "Settle an entry of the inbox, which is gone then.")
final class InboxResolveCommand implements Callable<Integer> {
    /** One of them must be there. */
    private static final class Choice {
        @Option(
                names = "--keep-theirs",
                required = true,
                description = "Leave the memory as it is.")
        private boolean keepTheirs;

        @Option(
                names = "--apply-mine",
                required = true,
                description = "Write now what was written then.")
        private boolean applyMine;

        Inbox.Choice chosen() {
            return applyMine && !keepTheirs ? Inbox.Choice.APPLY_MINE : Inbox.Choice.KEEP_THEIRS;
        }
    }

    @Mixin private final CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "ID", description = "As `loam inbox list` shows it.")
    private String id = "";

    @ArgGroup(multiplicity = "1")
    private Choice choice = new Choice();

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            store.vault().inbox().resolve(id, choice.chosen());
            if (common.json()) {
                common.print(InboxJson.resolved(id));
            } else {
                common.print("settled " + id);
            }
        }
        return ExitCode.OK.number();
    }
}

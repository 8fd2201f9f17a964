package dev.loam.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;

/**
 * The commands below {@code loam}, in the order in which help lists them. Only the one that is
 * called is made known to picocli, which looks at each by reflection: all of them would take longer
 * than opening a store.
 */
final class Commands {
    private Commands() {}

    private static Map<String, Supplier<Object>> all() {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("demo", DemoCommand::new);
        commands.put("init", InitCommand::new);
        commands.put("remember", RememberCommand::new);
        commands.put("recall", RecallCommand::new);
        commands.put("get", GetCommand::new);
        commands.put("history", HistoryCommand::new);
        commands.put("ls", ListCommand::new);
        commands.put("conflicts", ConflictsCommand::new);
        commands.put("inbox", InboxCommand::new);
        commands.put("delete", DeleteCommand::new);
        commands.put("forget", ForgetCommand::new);
        commands.put("import", ImportCommand::new);
        commands.put("export", ExportCommand::new);
        commands.put("sync", SyncCommand::new);
        commands.put("peers", PeersCommand::new);
        commands.put("key", KeyCommand::new);
        commands.put("audit", AuditCommand::new);
        commands.put("verify", VerifyCommand::new);
        commands.put("rebuild", RebuildCommand::new);
        commands.put("prune", PruneCommand::new);
        commands.put("compact", CompactCommand::new);
        commands.put("backup", BackupCommand::new);
        commands.put("restore", RestoreCommand::new);
        commands.put("replay", ReplayCommand::new);
        commands.put("inspect", InspectCommand::new);
        commands.put("status", StatusCommand::new);
        commands.put("eval", EvalCommand::new);
        commands.put("demo-writer", WriterCommand::new);
        commands.put("warm-up", WarmUpCommand::new);
        return commands;
    }

    /** Adds the command that the arguments begin with, or all if they begin with none. */
    static void addTo(CommandLine commandLine, String... arguments) {
        Map<String, Supplier<Object>> commands = all();
        String first = arguments.length == 0 ? "" : arguments[0];
        if (commands.containsKey(first)) {
            commands.keySet().retainAll(Set.of(first));
        }
        commands.forEach((name, command) -> commandLine.addSubcommand(name, command.get()));
    }
}

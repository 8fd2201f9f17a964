package dev.loam.cli;

import dev.loam.BackupPruneReport;
import dev.loam.Backups;
import dev.loam.json.BackupJson;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loam backup prune}. */
@Command(
        name = "prune",
        description = {
            "Delete all but the last generations of backups, and what those do not need.",
            "What was forgotten in the store stays in the generations from before."
        })
final class BackupPruneCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "DIR", description = "The directory of backups.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path directory;

    @Option(
            names = "--keep-last",
            paramLabel = "N",
            required = true,
            description = "How many generations stay, at least 1.")
    private int keepLast;

    @Override
    public Integer call() {
        BackupPruneReport report = Backups.in(directory).prune(keepLast);
        if (common.json()) {
            common.print(BackupJson.pruned(report));
        } else {
            common.print(
                    report.deleted().isEmpty()
                            ? "no generation was deleted"
                            : "deleted generations: " + report.deleted());
            common.print(BackupText.bytes(report.bytes()) + " given back");
        }
        return ExitCode.OK.number();
    }
}

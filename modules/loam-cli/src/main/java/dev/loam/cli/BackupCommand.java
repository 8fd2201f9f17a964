package dev.loam.cli;

import dev.loam.BackupOptions;
import dev.loam.BackupReport;
import dev.loam.LoamOptions;
import dev.loam.json.BackupJson;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code loam backup}. */
@Command(
        name = "backup",
        description = {
            "Add the store as it is now to a directory of backups.",
            "What earlier backups in it hold already is not written again, and what an interrupted"
                    + " one has finished is gone on from. The store may be written meanwhile by this"
                    + " process's library; a backup of an encrypted store is encrypted, and opened"
                    + " by the same secrets.",
            "A backup of a store that is not encrypted lies as open as the store: its memories and"
                    + " this device's key are in it.",
            "Once a week: loam backup verify --drill DIR."
        },
        subcommands = {
            BackupShowCommand.class,
            BackupVerifyCommand.class,
            BackupPruneCommand.class
        })
final class BackupCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            description = "The directory of backups; made if it is not there.")
    private @Nullable Path directory;

    @Option(
            names = "--level",
            paramLabel = "N",
            defaultValue = "6",
            description =
                    "From 0, not packed, to 9, packed most; of what is written now. Default:"
                            + " ${DEFAULT-VALUE}.")
    private int level = BackupOptions.LEVEL;

    @Override
    public Integer call() {
        Path into = directory;
        if (into == null) {
            throw new ParameterException(
                    spec.commandLine(), "name the directory of backups, or show, verify or prune");
        }
        BackupOptions options = BackupOptions.into(into).level(level);
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            BackupReport report;
            try (ProgressLine progress = common.progressInBytes("backup")) {
                report = store.loam().backup(options, progress);
            }
            if (common.json()) {
                common.print(BackupJson.backup(report));
            } else {
                print(report);
            }
        }
        return ExitCode.OK.number();
    }

    private void print(BackupReport report) {
        common.print(BackupText.generation(report.generation()));
        common.print(
                "written: "
                        + BackupText.bytes(report.bytesWritten())
                        + " in "
                        + BackupText.units(report.unitsWritten())
                        + "; kept of earlier backups: "
                        + BackupText.units(report.unitsKept()));
    }
}

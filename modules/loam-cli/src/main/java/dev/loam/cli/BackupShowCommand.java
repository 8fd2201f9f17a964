package dev.loam.cli;

import dev.loam.BackupInfo;
import dev.loam.Backups;
import dev.loam.json.BackupJson;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code loam backup show}. */
@Command(
        name = "show",
        description = {
            "What the backups in a directory are of: when they were made, of which store, how much.",
            "Reads their manifests alone and needs no key."
        })
final class BackupShowCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "DIR", description = "The directory of backups.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path directory;

    @Override
    public Integer call() {
        List<BackupInfo> generations = Backups.in(directory).generations();
        if (common.json()) {
            common.print(BackupJson.generations(generations));
            return ExitCode.OK.number();
        }
        BackupInfo latest = generations.getLast();
        common.print("store " + latest.store() + " of device " + latest.device());
        for (BackupInfo backup : generations) {
            common.print(BackupText.generation(backup));
            common.print(
                    "  positions 1-"
                            + backup.position()
                            + ", "
                            + BackupText.units(backup.units())
                            + ", level "
                            + backup.level()
                            + ", "
                            + BackupText.bytes(backup.rawBytes())
                            + " not packed");
            common.print("  digest " + backup.digest());
        }
        return ExitCode.OK.number();
    }
}

package dev.loam.cli;

import dev.loam.Backups;
import dev.loam.RestoreReport;
import dev.loam.json.BackupJson;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loam restore}. */
@Command(
        name = "restore",
        description = {
            "Make a store of a backup, where none is yet.",
            "Everything is compared and replayed beside it before it counts; interrupted, there is"
                    + " no store, and the next call begins anew. The store is the same device and"
                    + " goes on under a new name of it: sync brings back what was written since the"
                    + " backup and reached another device.",
            "A backup that is encrypted is opened by any secret of the store that it was made of;"
                    + " the same secret opens what is restored. Add others with `loam key add`."
        })
final class RestoreCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "DIR", description = "The directory of backups.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path directory;

    @Option(
            names = "--generation",
            paramLabel = "N",
            description = "Which backup of those in DIR; default: the latest.")
    private @Nullable Long generation;

    @Override
    public Integer call() {
        RestoreReport report;
        try (ProgressLine progress = common.progressInBytes("restore")) {
            report =
                    common.withGivenKey(
                            options ->
                                    Backups.in(directory)
                                            .restore(
                                                    Optional.ofNullable(generation),
                                                    common.store(),
                                                    options,
                                                    progress));
        }
        if (common.json()) {
            common.print(BackupJson.restored(report));
        } else {
            common.print(BackupText.generation(report.generation()));
            common.print("restored to " + common.store());
        }
        return ExitCode.OK.number();
    }
}

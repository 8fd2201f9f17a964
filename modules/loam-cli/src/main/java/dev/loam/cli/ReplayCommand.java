package dev.loam.cli;

import dev.loam.AuditEvent;
import dev.loam.Keys;
import dev.loam.LoamOptions;
import dev.loam.OperationFilter;
import dev.loam.ReplayReport;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.VaultId;
import dev.loam.json.LogJson;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loam replay}. */
@Command(
        name = "replay",
        description = {
            "Read the log from its beginning, select operations, and write what they say.",
            "All vaults are read unless --vault is given. Damage is told and left out. Ends with its"
                    + " counts: batches read, operations selected, lines or memories written,"
                    + " batches damaged. Exit code 3 if there was damage."
        })
final class ReplayCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @ArgGroup(multiplicity = "1")
    private Target target = new Target();

    /** What becomes of the selected operations. */
    static final class Target {
        @Option(
                names = "--validate-only",
                description = "Write nothing: say what can be read, and how much is selected.")
        @SuppressWarnings("UnusedVariable") // picocli sees to it that it is alone
        private boolean validateOnly;

        @Option(
                names = "--output",
                paramLabel = "FILE",
                description = "Write each operation as a line of JSON to a new file.")
        private @Nullable Path output;

        @Option(
                names = "--into",
                paramLabel = "DIR",
                description = {
                    "Make a new store of the memories that selected operations changed: each as it"
                            + " is, or was at --until, in one put by a new device in a new vault of"
                            + " the same name. Deleted ones are left out."
                })
        private @Nullable Path into;
    }

    @Option(
            names = "--actor",
            paramLabel = "ID",
            description = "Only of this actor or device: 8 or more first digits of its id.")
    private @Nullable String actor;

    @Option(names = "--key", paramLabel = "KEY", description = "Only on the memory of this key.")
    private @Nullable String key;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "Only of this time or later.")
    private @Nullable Instant since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "Only of this time or earlier.")
    private @Nullable Instant until;

    @Option(names = "--plaintext", description = "Write in clear what an encrypted store holds.")
    private boolean plaintext;

    @Override
    public Integer call() {
        OperationFilter filter =
                new OperationFilter(
                        common.chosenVault(),
                        Optional.ofNullable(actor),
                        Optional.ofNullable(key),
                        Optional.ofNullable(since),
                        Optional.ofNullable(until));
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted());
                ReplayTarget written = open(store)) {
            ReplayReport report;
            try (ProgressLine progress = common.progress("replay", "batches")) {
                report = store.loam().replay(filter, written::take, written::take, progress);
                written.finish();
            }
            print(report, written.written());
            return (report.damaged() == 0 ? ExitCode.OK : ExitCode.DAMAGED).number();
        }
    }

    private ReplayTarget open(OpenStore store) {
        if ((target.output != null || target.into != null)
                && Keys.areNeeded(common.store())
                && !plaintext) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the store is encrypted, and this would write in clear what it holds; add"
                            + " --plaintext if that is wanted");
        }
        if (target.output != null || target.into != null) {
            recordExport(store);
        }
        if (target.output != null) {
            return LinesTarget.create(target.output);
        }
        if (target.into != null) {
            return StoreTarget.create(target.into, store.loam(), Optional.ofNullable(until));
        }
        return new ReplayTarget.Nothing();
    }

    private void recordExport(OpenStore store) {
        Optional<VaultId> chosen = common.chosenVault().flatMap(_ -> store.vaultId());
        store.loam()
                .audit()
                .record(new AuditEvent.Exported(chosen, AuditEvent.ExportForm.PLAINTEXT));
    }

    private void print(ReplayReport report, long written) {
        if (common.json()) {
            common.print(LogJson.replay(report, written));
            return;
        }
        report.damage().forEach(common::print);
        common.print(
                "read %d batches, selected %d operations%s, wrote %d %s, damaged %d"
                        .formatted(
                                report.batches(),
                                report.operations(),
                                report.compacted() == 0
                                        ? ""
                                        : " and " + report.compacted() + " compacted memories",
                                written,
                                target.into == null ? "lines" : "memories",
                                report.damaged()));
    }
}

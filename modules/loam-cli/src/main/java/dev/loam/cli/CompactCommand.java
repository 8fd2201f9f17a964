package dev.loam.cli;

import dev.loam.CompactOptions;
import dev.loam.CompactReport;
import dev.loam.KeepHistory;
import dev.loam.LoamOptions;
import dev.loam.core.DeviceId;
import dev.loam.json.LoamJson;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loam compact}. */
@Command(
        name = "compact",
        description = {
            "Rewrite the log as one segment and give the space back.",
            "What was overwritten or deleted before the history to keep is let go; what it made of"
                    + " the memories stays. In vaults that other devices are in, that holds of what"
                    + " has been settled (see `loam prune`): all else is kept for them, joined and"
                    + " compressed.",
            "A device that lacks what was let go takes a snapshot. Nothing is deleted before its"
                    + " replacement was written, forced, read back and compared."
        })
final class CompactCommand implements Callable<Integer> {
    /** How much is let go unless an option says otherwise. */
    enum Strategy {
        NORMAL,
        AGGRESSIVE;

        private CompactOptions options() {
            return switch (this) {
                case NORMAL -> CompactOptions.normal();
                case AGGRESSIVE -> CompactOptions.aggressive();
            };
        }
    }

    /** What history stays. */
    static final class Keep {
        @Option(
                names = "--keep-days",
                paramLabel = "N",
                description = "Keep the history of the last N days.")
        private @Nullable Integer days;

        @Option(
                names = "--keep-mib",
                paramLabel = "N",
                description = "Keep the last N MiB of history, as they were written.")
        private @Nullable Integer mebibytes;

        @Option(names = "--keep-all", description = "Let nothing go; only join and compress.")
        @SuppressWarnings("UnusedVariable") // what is left when the others are not given
        private boolean all;

        private KeepHistory chosen() {
            if (days != null) {
                return new KeepHistory.Age(Duration.ofDays(days));
            }
            if (mebibytes != null) {
                return new KeepHistory.Size((long) mebibytes << 20);
            }
            return new KeepHistory.All();
        }
    }

    @Mixin private final CommonOptions common = new CommonOptions();

    @Option(
            names = "--strategy",
            paramLabel = "HOW",
            defaultValue = "normal",
            description = {
                "normal: keep 30 days of history; aggressive: keep none. Default: ${DEFAULT-VALUE}."
            })
    private Strategy strategy = Strategy.NORMAL;

    @ArgGroup private @Nullable Keep keep;

    @Option(
            names = "--dry-run",
            description = "Only tell the bytes before and after; change nothing.")
    private boolean dryRun;

    @Override
    public Integer call() {
        CompactOptions options = strategy.options().dryRun(dryRun);
        if (keep != null) {
            options = options.keep(keep.chosen());
        }
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            CompactReport report;
            try (ProgressLine progress = common.progress("compact", "batches")) {
                report = store.loam().compact(options, progress);
            }
            if (common.json()) {
                common.print(LoamJson.compact(report));
            } else {
                print(report);
            }
        }
        return ExitCode.OK.number();
    }

    private void print(CompactReport report) {
        if (report.batchesKept() + report.batchesLetGo() == 0) {
            common.print("there is nothing to compact: " + bytes(report.logBytesBefore()));
            return;
        }
        common.print(
                (report.replaced() ? "compacted: " : "would compact: ")
                        + bytes(report.logBytesBefore())
                        + " in "
                        + report.segmentsBefore()
                        + " segments become "
                        + bytes(report.logBytesAfter())
                        + " in "
                        + report.segmentsAfter());
        common.print(
                report.batchesKept()
                        + " batches kept, "
                        + report.batchesLetGo()
                        + " let go"
                        + (report.batchesLetGo() == 0 ? "" : ": their memories are kept"));
        for (CompactReport.Kept kept : report.keptForOthers()) {
            common.print(
                    kept.vault()
                            + ": "
                            + kept.batches()
                            + " batches kept, which another device may need"
                            + waitingFor(kept));
        }
    }

    private static String waitingFor(CompactReport.Kept kept) {
        return kept.waitingFor().isEmpty()
                ? ""
                : "; waiting for "
                        + kept.waitingFor().stream()
                                .map(DeviceId::toString)
                                .collect(Collectors.joining(", "));
    }

    private static String bytes(long count) {
        return String.format(Locale.ROOT, "%,d bytes", count);
    }
}

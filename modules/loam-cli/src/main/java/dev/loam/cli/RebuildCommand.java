package dev.loam.cli;

import dev.loam.LoamOptions;
import dev.loam.RebuildReport;
import dev.loam.json.LoamJson;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code loam rebuild}. */
@Command(
        name = "rebuild",
        description = {
            "Throw the index away and build it anew from the log.",
            "Exit code 3 if the state differs from before, which means that the index was damaged."
        })
final class RebuildCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            RebuildReport report;
            try (ProgressLine progress = common.progress("rebuild", "batches")) {
                report = store.loam().rebuild(progress);
            }
            boolean same = report.digestBefore().equals(report.digestAfter());
            if (common.json()) {
                common.print(LoamJson.rebuild(report));
            } else {
                common.print(
                        "rebuilt "
                                + report.records()
                                + " memories from "
                                + report.batches()
                                + " batches in "
                                + report.elapsedMillis()
                                + " ms"
                                + resumed(report));
                common.print("digest before " + report.digestBefore());
                common.print("digest after  " + report.digestAfter() + (same ? ": equal" : ""));
            }
            return (same ? ExitCode.OK : ExitCode.DAMAGED).number();
        }
    }

    private static String resumed(RebuildReport report) {
        return report.resumedAfter() == 0
                ? ""
                : ", going on after " + report.resumedAfter() + " of an interrupted rebuild";
    }
}

package dev.loam.cli;

import dev.loam.LoamOptions;
import dev.loam.VerifyReport;
import dev.loam.json.LoamJson;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code loam verify}. */
@Command(
        name = "verify",
        description = {
            "Read the whole log and check every frame, checksum and chain.",
            "Repairs nothing. Exit code 3 if anything is wrong."
        })
final class VerifyCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            VerifyReport report;
            try (ProgressLine progress = common.progress("verify", "batches")) {
                report = store.loam().verify(progress);
            }
            if (common.json()) {
                common.print(LoamJson.verify(report));
            } else {
                report.damage().forEach(common::print);
                common.print(
                        (report.isSound() ? "sound: " : "damaged: ")
                                + report.batches()
                                + " batches good in "
                                + report.segments()
                                + " segments, "
                                + report.bytes()
                                + " bytes read");
            }
            return (report.isSound() ? ExitCode.OK : ExitCode.DAMAGED).number();
        }
    }
}

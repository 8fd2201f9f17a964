package dev.loam.cli;

import dev.loam.AuditHead;
import dev.loam.AuditReport;
import dev.loam.LoamOptions;
import dev.loam.json.AuditJson;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loam audit verify}. */
@Command(
        name = "verify",
        description = {
            "Check that every event is there as it was recorded, and that the trail reaches what"
                    + " this device has signed; then sign where it ends.",
            "Prints the head of the trail. Keep it somewhere else and give it by --head later: that"
                    + " shows an older copy of the whole store, too. Exit code 3 if anything is"
                    + " wrong."
        })
final class AuditVerifyCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Option(
            names = "--head",
            paramLabel = "HEAD",
            description = "The head that an earlier verify printed: it must be part of the trail.")
    private @Nullable String head;

    @Override
    public Integer call() {
        Optional<AuditHead> remembered = Optional.ofNullable(head).map(AuditHead::parse);
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            AuditReport report = store.loam().audit().verify(remembered);
            if (common.json()) {
                common.print(AuditJson.report(report));
            } else {
                report.notes().forEach(note -> common.print("note: " + note));
                report.damage().forEach(common::print);
                common.print(
                        (report.isSound() ? "sound: " : "damaged: ")
                                + (report.entries() == 1
                                        ? "1 event"
                                        : report.entries() + " events"));
                common.print("head " + report.head());
            }
            return (report.isSound() ? ExitCode.OK : ExitCode.DAMAGED).number();
        }
    }
}

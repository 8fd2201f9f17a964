package dev.loam.cli;

import dev.loam.KeyStatus;
import dev.loam.LoamOptions;
import dev.loam.json.KeyJson;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code loam key status}. */
@Command(name = "status", description = "Show the master key's age and when it is due to change.")
final class KeyStatusCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            KeyStatus status = store.loam().keys().status();
            if (common.json()) {
                common.print(KeyJson.status(status));
            } else {
                print(status);
            }
        }
        return ExitCode.OK.number();
    }

    private void print(KeyStatus status) {
        common.print("suite      " + status.suite());
        common.print(
                "master key "
                        + status.epoch()
                        + ", since "
                        + status.since().truncatedTo(ChronoUnit.SECONDS)
                        + status.rotationDue()
                                .map(
                                        due ->
                                                ", changed by itself "
                                                        + due.truncatedTo(ChronoUnit.SECONDS))
                                .orElse(""));
        if (status.segmentsOfEarlierEpochs() > 0) {
            common.print(
                    "earlier    segments of the log under an earlier master key: "
                            + status.segmentsOfEarlierEpochs()
                            + "; `loam key rotate --reseal` writes them anew");
        }
        common.print("slots      " + status.slots().size());
        status.slots().forEach(slot -> common.print("  " + KeyListCommand.line(slot)));
    }
}

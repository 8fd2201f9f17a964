package dev.loam.cli;

import dev.loam.CompactOptions;
import dev.loam.KeyStatus;
import dev.loam.LoamOptions;
import dev.loam.json.KeyJson;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loam key rotate}. */
@Command(
        name = "rotate",
        description = {
            "Change the master key now; every slot opens the store as before.",
            "What is there stays as it is, under data keys that only a holder of the old master key"
                    + " could have kept. With --reseal the log is written anew as well."
        })
final class KeyRotateCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Option(
            names = "--reseal",
            description = "Compact the log too, so that all of it is under new keys.")
    private boolean reseal;

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            store.loam().keys().rotate();
            if (reseal) {
                try (ProgressLine progress = common.progress("sealing anew", "batches")) {
                    store.loam().compact(CompactOptions.resealing(), progress);
                }
            }
            KeyStatus status = store.loam().keys().status();
            if (common.json()) {
                common.print(KeyJson.status(status));
            } else {
                common.print(
                        "master key "
                                + status.epoch()
                                + " is in use; segments of the log under earlier ones: "
                                + status.segmentsOfEarlierEpochs());
            }
        }
        return ExitCode.OK.number();
    }
}

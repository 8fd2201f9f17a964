package dev.loam.cli;

import dev.loam.LoamOptions;
import dev.loam.Receipt;
import dev.loam.json.LoamJson;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code loam delete}. */
@Command(name = "delete", description = "Delete a memory.")
final class DeleteCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "KEY", description = "The memory's key.")
    private String key = "";

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            Receipt receipt = store.vault().delete(key);
            if (common.json()) {
                common.print(LoamJson.receipt(receipt));
            } else {
                common.print("deleted " + receipt.key());
            }
        }
        return ExitCode.OK.number();
    }
}

package dev.loam.cli;

import dev.loam.LoamOptions;
import dev.loam.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code loam key remove}. */
@Command(
        name = "remove",
        description = {
            "Remove a way to open the store; the last one stays.",
            "If its secret has leaked, `loam key rotate` as well: whoever had it may have kept"
                    + " the master key."
        })
final class KeyRemoveCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Parameters(index = "0", paramLabel = "SLOT", description = "Its number, see `loam key list`.")
    private int slot;

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            store.loam().keys().remove(slot);
            if (common.json()) {
                common.print(JsonObject.builder().put("removed", slot).build());
            } else {
                common.print("slot " + slot + " opens the store no more");
            }
        }
        return ExitCode.OK.number();
    }
}

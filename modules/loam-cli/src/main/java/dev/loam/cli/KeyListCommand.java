package dev.loam.cli;

import dev.loam.Keys;
import dev.loam.crypto.KeyFile;
import dev.loam.json.JsonObject;
import dev.loam.json.KeyJson;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code loam key list}. */
@Command(
        name = "list",
        description = "List the slots. Needs no key: what it shows lies open in the store.")
final class KeyListCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        KeyFile file = Keys.peek(common.storeThatIs());
        if (common.json()) {
            common.print(JsonObject.builder().put("slots", KeyJson.slots(file.slots())).build());
        } else {
            file.slots().forEach(slot -> common.print(line(slot)));
        }
        return ExitCode.OK.number();
    }

    /** A slot for people. */
    static String line(KeyFile.Slot slot) {
        return slot.number()
                + "  "
                + slot.source()
                + (slot.label().isEmpty() ? "" : " \"" + slot.label() + "\"")
                + ", made "
                + slot.made().truncatedTo(ChronoUnit.SECONDS)
                + slot.cost()
                        .map(
                                cost ->
                                        ", Argon2id with "
                                                + (cost.memoryKib() >> 10)
                                                + " MiB and "
                                                + cost.passes()
                                                + " passes")
                        .orElse("");
    }
}

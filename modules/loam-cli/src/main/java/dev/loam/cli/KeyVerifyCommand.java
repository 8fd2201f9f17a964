package dev.loam.cli;

import dev.loam.Keys;
import dev.loam.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code loam key verify}. */
@Command(
        name = "verify",
        description = {
            "Check that a key opens the store, and that its two key files agree.",
            "Changes nothing, and may run while the store is in use."
        })
final class KeyVerifyCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        long segments = common.withKey(Keys::verify);
        if (common.json()) {
            common.print(JsonObject.builder().put("segments", segments).build());
        } else {
            common.print(
                    "the key opens the store, and its key files are whole; segments of the log with"
                            + " a key: "
                            + segments);
        }
        return ExitCode.OK.number();
    }
}

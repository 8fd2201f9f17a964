package dev.loam.cli;

import dev.loam.KeySource;
import dev.loam.Keys;
import dev.loam.LoamOptions;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.Secret;
import dev.loam.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loam key add}. */
@Command(
        name = "add",
        description = {
            "Add a way to open the store, for which one that is there is needed.",
            "A recovery code is printed once, on stdout, in a line of its own."
        })
final class KeyAddCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();
    @Mixin private final NewKeyOptions newKey = new NewKeyOptions();

    @Option(names = "--recovery-code", description = "A code for paper.")
    private boolean recoveryCode;

    @Option(
            names = "--label",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "What it is, for people; lies open in the store.")
    private String label = "";

    @Override
    public Integer call() {
        if (recoveryCode == newKey.isChosen() || (recoveryCode && common.json())) {
            throw nothingToAdd();
        }
        // First, so that no key file is made for a store that does not open.
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            Keys keys = store.loam().keys();
            if (recoveryCode) {
                try (Secret code = keys.addRecoveryCode()) {
                    common.printSecret(code);
                }
            } else {
                try (KeySource chosen =
                        newKey.keySource(common.surroundings())
                                .orElseThrow(KeyAddCommand::nothingToAdd)) {
                    told(keys.add(chosen, label));
                }
            }
        }
        return ExitCode.OK.number();
    }

    private static LoamException nothingToAdd() {
        return new LoamException(
                ErrorCode.INVALID_ARGUMENT,
                "name one thing to add: --new-passphrase, --new-passphrase-fd N,"
                        + " --make-key-file FILE, --use-key-file FILE, --make-keychain-item,"
                        + " or --recovery-code, which has no --json");
    }

    private void told(int slot) {
        if (common.json()) {
            common.print(JsonObject.builder().put("slot", slot).build());
        } else {
            common.print("slot " + slot + " opens the store from now on");
        }
    }
}

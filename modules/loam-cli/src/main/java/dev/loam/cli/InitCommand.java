package dev.loam.cli;

import dev.loam.Encryption;
import dev.loam.KeySource;
import dev.loam.LoamOptions;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.Secret;
import dev.loam.crypto.Suite;
import dev.loam.json.JsonObject;
import dev.loam.json.KeyJson;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loam init}. */
@Command(
        name = "init",
        description = {
            "Make a store, encrypted or not; which it is stays as it is.",
            "An encrypted one also gets a recovery code, which is printed once: write it down,"
                    + " it opens the store when all else is lost. With --json none is made;"
                    + " `loam key add --recovery-code` makes one."
        })
final class InitCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();
    @Mixin private final NewKeyOptions newKey = new NewKeyOptions();

    @Option(names = "--encrypt", description = "Seal every file of the store.")
    private boolean encrypt;

    @Option(
            names = "--suite",
            paramLabel = "SUITE",
            defaultValue = "aes_256_gcm",
            description = {
                "The cipher: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.",
                "The other is for processors without AES instructions."
            })
    private Suite suite = Suite.AES_256_GCM;

    @Override
    public Integer call() {
        refuseExisting();
        refuseKeyInVain();
        if (encrypt) {
            try (KeySource source =
                    newKey.keySourceOrEnvironment(common.surroundings())
                            .orElseThrow(InitCommand::noSource)) {
                make(LoamOptions.encrypted(source).encryption(Encryption.by(source).suite(suite)));
            }
        } else {
            try (OpenStore _ = common.make(LoamOptions.unencrypted())) {
                tell("made a store in " + common.store().toAbsolutePath() + ", not encrypted");
            }
        }
        return ExitCode.OK.number();
    }

    private void refuseExisting() {
        if (Files.exists(common.store())
                && (!Files.isDirectory(common.store()) || common.hasStore())) {
            throw new LoamException(
                    ErrorCode.EXISTS,
                    common.store()
                            + " is there already; `loam init` makes a store where nothing is");
        }
    }

    /** Whoever gives a key must not get a store that anybody can read. */
    private void refuseKeyInVain() {
        if (common.isKeyChosen()) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "there is no store yet to be opened by a key; say what the new one is to be"
                            + " opened by: --encrypt and --use-key-file FILE, say");
        }
        if (!encrypt && newKey.isThere(common.surroundings())) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a key was given, by an option or the environment, and not --encrypt; add that,"
                            + " or leave the key away: a store that is not encrypted is not opened"
                            + " with one");
        }
    }

    private static LoamException noSource() {
        return new LoamException(
                ErrorCode.INVALID_ARGUMENT,
                "an encrypted store needs something to open it by: --new-passphrase,"
                        + " --new-passphrase-fd N, --make-key-file FILE, --use-key-file FILE,"
                        + " --make-keychain-item, or a key in $LOAM_KEY or $LOAM_KEY_FILE");
    }

    private void make(LoamOptions options) {
        try (OpenStore store = common.make(options)) {
            if (common.json()) {
                common.print(
                        JsonObject.builder()
                                .put("store", common.store().toAbsolutePath().toString())
                                .put("keys", KeyJson.status(store.loam().keys().status()))
                                .build());
                return;
            }
            tell(
                    "made an encrypted store in "
                            + common.store().toAbsolutePath()
                            + ", opened by "
                            + store.loam().keys().status().slots().getFirst().source());
            tell("recovery code, shown this once; keep it on paper, not on this disk:");
            try (Secret code = store.loam().keys().addRecoveryCode()) {
                common.printSecret(code);
            }
        }
    }

    private void tell(String line) {
        if (!common.json()) {
            common.print(line);
        } else if (!encrypt) {
            common.print(
                    JsonObject.builder()
                            .put("store", common.store().toAbsolutePath().toString())
                            .build());
        }
    }
}

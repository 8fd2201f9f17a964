package dev.loam.cli;

import dev.loam.BackupScope;
import dev.loam.BackupVerification;
import dev.loam.Backups;
import dev.loam.Keys;
import dev.loam.LoamOptions;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.json.BackupJson;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loam backup verify}. */
@Command(
        name = "verify",
        description = {
            "Compare the backups in a directory with what their manifests say.",
            "Of an encrypted one without its key: lengths and checksums. Repairs nothing. Exit code"
                    + " 3 if anything is wrong.",
            "If the store that they are of is at hand, `loam status` tells from then on that they"
                    + " were found sound."
        })
final class BackupVerifyCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "DIR", description = "The directory of backups.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path directory;

    @ArgGroup private Scope scope = new Scope();

    /** How much is read. */
    static final class Scope {
        @Option(
                names = "--full",
                description = "Every unit: its SHA-256 and that it can be unpacked; the default.")
        @SuppressWarnings("UnusedVariable") // picocli sees to it that it is alone
        private boolean full;

        @Option(
                names = "--quick",
                description = "Only the manifests, and that their units are there in full length.")
        private boolean quick;

        @Option(
                names = "--sample",
                paramLabel = "PERCENT",
                description = "Besides that some units, chosen by chance.")
        private @Nullable Integer sample;

        @Option(
                names = "--drill",
                description =
                        "Restore the latest aside, in DIR, replay and compare it, and delete it:"
                                + " nothing else proves that it can be restored.")
        private boolean drill;
    }

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Choose the same sample again; each sample says its seed.")
    private @Nullable Long seed;

    @Override
    public Integer call() {
        BackupScope chosen = chosen();
        return common.withGivenKey(
                options -> {
                    BackupVerification found;
                    try (ProgressLine progress = common.progressInBytes("verify")) {
                        found = Backups.in(directory).verify(chosen, options, progress);
                    }
                    print(found, record(found, options));
                    return (found.isSound() ? ExitCode.OK : ExitCode.DAMAGED).number();
                });
    }

    /** Has the store note it, if that is at hand; a backup is as sound if it does not. */
    private int record(BackupVerification found, LoamOptions options) {
        try {
            if (!found.isSound() || !isOfStoreAtHand(found)) {
                return 0;
            }
            try (OpenStore store = common.make(options)) {
                return store.loam().audit().record(found);
            }
        } catch (LoamException refused) {
            common.note("the store does not note it: " + refused);
            return 0;
        }
    }

    /** Of a store that is not encrypted only opening it tells which one it is. */
    private boolean isOfStoreAtHand(BackupVerification found) {
        if (!common.hasStore()) {
            return false;
        }
        return !Keys.areNeeded(common.store())
                || found.generations().stream()
                        .anyMatch(
                                backup -> backup.store().equals(Keys.peek(common.store()).store()));
    }

    private void print(BackupVerification found, int recorded) {
        if (common.json()) {
            common.print(BackupJson.verification(found, recorded));
        } else {
            if (seed != null) {
                common.print("seed " + seed);
            }
            found.damage().forEach(common::print);
            common.print(
                    (found.isSound() ? "sound: " : "damaged: ")
                            + BackupText.units(found.units())
                            + (found.isSound() && scope.drill
                                    ? " restored, replayed and compared, "
                                    : " looked at, ")
                            + BackupText.bytes(found.bytes())
                            + " read");
        }
        if (!found.isSound()) {
            common.note(
                    "what the store still has is written anew by `loam backup` once the damaged"
                            + " units are deleted from "
                            + directory.resolve("units")
                            + "; an older backup that stays damaged goes by `loam backup prune`");
        }
    }

    private BackupScope chosen() {
        Integer percent = scope.sample;
        if (percent != null) {
            if (seed == null) {
                seed = new SplittableRandom().nextLong();
            }
            return new BackupScope.Sample(percent, seed);
        }
        if (seed != null) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT, "--seed is of use with --sample only");
        }
        if (scope.drill) {
            return new BackupScope.Drill();
        }
        return scope.quick ? new BackupScope.Quick() : new BackupScope.Full();
    }
}

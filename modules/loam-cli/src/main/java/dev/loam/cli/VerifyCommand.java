package dev.loam.cli;

import dev.loam.LoamOptions;
import dev.loam.VerifyReport;
import dev.loam.VerifyScope;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.json.JsonObject;
import dev.loam.json.LoamJson;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loam verify}. */
@Command(
        name = "verify",
        description = {
            "Read the log and check every frame, checksum and chain; or less, in less time.",
            "Repairs nothing. Exit code 3 if anything is wrong."
        })
final class VerifyCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @ArgGroup private Scope scope = new Scope();

    /** How much is read. */
    static final class Scope {
        @Option(names = "--full", description = "Everything, which is the default.")
        @SuppressWarnings("UnusedVariable") // picocli sees to it that it is alone
        private boolean full;

        @Option(
                names = "--quick",
                description =
                        "Only the list of segments, their lengths and what is noted beside them.")
        private boolean quick;

        @Option(
                names = "--sample",
                paramLabel = "N",
                description = "N batches chosen by chance: their checksums and form.")
        private @Nullable Integer sample;
    }

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Choose the same sample again; each sample says its seed.")
    private @Nullable Long seed;

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            VerifyReport report;
            try (ProgressLine progress = common.progress("verify", "batches")) {
                report = store.loam().verify(chosen(), progress);
            }
            if (common.json()) {
                common.print(document(report));
            } else {
                if (seed != null) {
                    common.print("seed " + seed);
                }
                report.damage().forEach(common::print);
                common.print((report.isSound() ? "sound: " : "damaged: ") + read(report));
            }
            return (report.isSound() ? ExitCode.OK : ExitCode.DAMAGED).number();
        }
    }

    private String read(VerifyReport report) {
        String segments = report.segments() == 1 ? "1 segment" : report.segments() + " segments";
        String batches = report.batches() == 1 ? "1 batch" : report.batches() + " batches";
        return (scope.quick
                        ? "the list and footers of " + segments
                        : batches + " good in " + segments)
                + ", "
                + report.bytes()
                + " bytes read";
    }

    private VerifyScope chosen() {
        Integer count = scope.sample;
        if (count == null) {
            if (seed != null) {
                throw new LoamException(
                        ErrorCode.INVALID_ARGUMENT, "--seed is of use with --sample only");
            }
            return scope.quick ? new VerifyScope.Quick() : new VerifyScope.Full();
        }
        if (seed == null) {
            seed = new SplittableRandom().nextLong();
        }
        return new VerifyScope.Sample(count, seed);
    }

    private JsonObject document(VerifyReport report) {
        JsonObject.Builder document = JsonObject.builder();
        LoamJson.verify(report).members().forEach(document::put);
        if (seed != null) {
            document.put("seed", seed);
        }
        return document.build();
    }
}

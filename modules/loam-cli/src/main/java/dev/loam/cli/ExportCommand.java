package dev.loam.cli;

import dev.loam.LoamOptions;
import dev.loam.VaultInfo;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.Recipients;
import dev.loam.crypto.SlotSecret;
import dev.loam.json.ExportCounts;
import dev.loam.json.ExportOptions;
import dev.loam.json.JsonObject;
import dev.loam.json.VaultExport;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loam export}. */
@Command(
        name = "export",
        description = {
            "Write a vault to a file that `loam import` makes the same memories of: as it is now,"
                    + " all of each memory, without what was deleted.",
            "JSON lines, one for each memory, and a last one by which a file that was cut or changed"
                    + " is found out. The file has its name only when it is whole, and only its"
                    + " owner may read it. With a passphrase it is sealed: nobody else can read or"
                    + " change it."
        })
final class ExportCommand implements Callable<Integer> {
    private static final String STDOUT = "-";

    @Mixin private final CommonOptions common = new CommonOptions();
    @Mixin private final PassphraseOption passphrase = new PassphraseOption();

    @Option(
            names = "--session",
            paramLabel = "NAME",
            description = "Only the memories of this session: whose field session is NAME.")
    private @Nullable String session;

    @Option(
            names = "--history",
            description = "With what each memory was before, who changed it, and when.")
    private boolean history;

    @Option(
            names = "--no-vectors",
            description = "Without the vectors, which can be computed again.")
    private boolean withoutVectors;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            defaultValue = STDOUT,
            description = "The file, which must not be there yet; - is stdout, the default.")
    private String output = STDOUT;

    @Override
    public Integer call() {
        boolean toStdout = output.equals(STDOUT);
        if (toStdout && common.json()) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the export and the document of --json cannot both be on stdout; name a file"
                            + " with --output");
        }
        Optional<SlotSecret> secret = passphrase.read(common.surroundings());
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted());
                ExportTarget target =
                        toStdout
                                ? ExportTarget.stdout(common.answer())
                                : ExportTarget.file(Path.of(output))) {
            recipients(secret).ifPresent(target::seal);
            ExportCounts counts = write(store, target);
            target.finish();
            report(counts, toStdout);
        } finally {
            secret.ifPresent(SlotSecret::close);
        }
        return ExitCode.OK.number();
    }

    /** Who can open the export; empty for everybody. */
    private static Optional<Recipients> recipients(Optional<SlotSecret> secret) {
        return secret.map(Recipients.Holder::new);
    }

    private ExportCounts write(OpenStore store, ExportTarget target) {
        long total =
                store.loam().vaults().stream()
                        .filter(each -> each.name().equals(common.vault()))
                        .mapToLong(VaultInfo::records)
                        .sum();
        try (ProgressLine progress = common.progress("export", "lines")) {
            long[] lines = {0};
            return VaultExport.write(
                    store.vault(),
                    options(),
                    Instant.now(),
                    line -> {
                        target.writeLine(line);
                        progress.at(++lines[0], history ? 0 : total);
                    });
        }
    }

    private ExportOptions options() {
        ExportOptions options = ExportOptions.all();
        options = session == null ? options : options.session(session);
        options = withoutVectors ? options.withoutVectors() : options;
        return history ? options.withHistory() : options;
    }

    private void report(ExportCounts counts, boolean toStdout) {
        if (common.json()) {
            common.print(
                    JsonObject.builder()
                            .put("memories", counts.memories())
                            .put("changes", counts.changes())
                            .put("file", output)
                            .build());
        } else if (!toStdout) {
            common.print(
                    "exported %d memories%s to %s"
                            .formatted(
                                    counts.memories(),
                                    history ? " and " + counts.changes() + " changes" : "",
                                    output));
        }
    }
}

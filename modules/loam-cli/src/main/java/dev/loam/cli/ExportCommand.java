package dev.loam.cli;

import dev.loam.AuditEvent;
import dev.loam.Keys;
import dev.loam.LoamOptions;
import dev.loam.VaultInfo;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.Recipients;
import dev.loam.crypto.SealedStream;
import dev.loam.crypto.SlotSecret;
import dev.loam.crypto.Suite;
import dev.loam.json.ExportCounts;
import dev.loam.json.ExportOptions;
import dev.loam.json.JsonObject;
import dev.loam.json.VaultExport;
import java.nio.file.Path;
import java.security.SecureRandom;
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
                    + " owner may read it.",
            "That of an encrypted store is sealed: whatever opens the store opens it, on any machine;"
                    + " --file-passphrase-fd or --file-key-file seal it for another holder, and that"
                    + " of any store. Only --plaintext writes in clear what an encrypted store holds."
        })
final class ExportCommand implements Callable<Integer> {
    private static final String STDOUT = "-";

    @Mixin private final CommonOptions common = new CommonOptions();
    @Mixin private final FileKeyOptions fileKey = new FileKeyOptions();

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

    @Option(names = "--plaintext", description = "Do not seal it, though the store is encrypted.")
    private boolean plaintext;

    @Override
    public Integer call() {
        boolean toStdout = output.equals(STDOUT);
        if (toStdout && common.json()) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the export and the document of --json cannot both be on stdout; name a file"
                            + " with --output");
        }
        if (plaintext && fileKey.isGiven()) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "--plaintext and a key for the file exclude each other");
        }
        Optional<SlotSecret> secret = fileKey.secret(common.surroundings());
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted());
                ExportTarget target =
                        toStdout
                                ? ExportTarget.stdout(common.answer())
                                : ExportTarget.file(Path.of(output))) {
            Optional<SealedStream> sealing = sealing(store, secret);
            store.loam()
                    .audit()
                    .record(
                            new AuditEvent.Exported(
                                    store.vaultId(),
                                    sealing.isPresent()
                                            ? AuditEvent.ExportForm.SEALED
                                            : AuditEvent.ExportForm.PLAINTEXT));
            sealing.ifPresent(target::seal);
            ExportCounts counts = write(store, target);
            if (session != null && counts.memories() == 0) {
                throw new LoamException(
                        ErrorCode.NOT_FOUND,
                        "no memory of the vault \""
                                + common.vault()
                                + "\" is of the session \""
                                + session
                                + "\"");
            }
            target.finish();
            report(counts, toStdout);
        } finally {
            secret.ifPresent(SlotSecret::close);
        }
        return ExitCode.OK.number();
    }

    /** Who can open the export; empty for everybody. */
    private Optional<SealedStream> sealing(OpenStore store, Optional<SlotSecret> secret) {
        if (secret.isPresent()) {
            return Optional.of(
                    SealedStream.begin(
                            SealedStream.Kind.EXPORT,
                            Suite.AES_256_GCM,
                            new Recipients.Holder(secret.get()),
                            Instant.now(),
                            new SecureRandom()));
        }
        return plaintext || !Keys.areNeeded(common.store())
                ? Optional.empty()
                : Optional.of(store.loam().keys().seal(SealedStream.Kind.EXPORT));
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

package dev.loam.cli;

import dev.loam.AuditEvent;
import dev.loam.Durability;
import dev.loam.Vault;
import dev.loam.VaultView;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.SlotSecret;
import dev.loam.json.ExportReader;
import dev.loam.json.JsonObject;
import dev.loam.json.LoamJson;
import dev.loam.json.MemorySource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loam import}. */
@Command(
        name = "import",
        description = {
            "Remember what is in a file: an export of Loam's, JSON lines, plain text, or LoCoMo"
                    + " conversations.",
            "Export: the whole file is checked before anything is written; what was cut or changed"
                    + " changes nothing.",
            "JSON lines: {\"key\",\"text\",\"time\",\"tags\":[],\"fields\":{}}, only text must be"
                    + " there. Plain text: a memory for each line that is not blank. LoCoMo: a"
                    + " memory for each turn under CONVERSATION/D01:003.",
            "Of other files it stops at the first thing that is wrong and says where; what came"
                    + " before is kept. Importing a file again is harmless: what is there already is passed over."
        })
final class ImportCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();
    @Mixin private final EmbeddingOptions embedding = new EmbeddingOptions();
    @Mixin private final FileKeyOptions fileKey = new FileKeyOptions();

    @Parameters(paramLabel = "FILE", description = "The file.")
    private Path file = Path.of("");

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "auto",
            description =
                    "auto, export, jsonl, text or locomo; auto goes by the name and how the file"
                            + " begins.")
    private ImportFormat format = ImportFormat.AUTO;

    @Option(
            names = "--durability",
            paramLabel = "LEVEL",
            defaultValue = "wal",
            description =
                    "none, wal or full: what has happened to a memory before the next is taken. What"
                            + " is reported at the end is durable at each. Default: wal.")
    private Durability durability = Durability.WAL;

    @Option(
            names = "--merge",
            description =
                    "Import an export into a vault that is there: its memories take the place of"
                            + " those of the same keys.")
    private boolean merge;

    @Option(
            names = "--history",
            description =
                    "Keep what an export says of each memory's past, as memories under loam.origin/."
                            + " It is not told as if it had happened here.")
    private boolean history;

    @Option(
            names = "--max-memories",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Refuse an export of more memories; default: ${DEFAULT-VALUE}.")
    private long memoriesMax = ExportReader.MEMORIES_MAX;

    @Override
    public Integer call() {
        try {
            return resolvedFormat() == ImportFormat.EXPORT ? importExport() : importMemories();
        } catch (IOException failed) {
            throw InputFile.failure(file, failed);
        }
    }

    private ImportFormat resolvedFormat() throws IOException {
        if (Files.isDirectory(file)) {
            throw new LoamException(ErrorCode.INVALID_ARGUMENT, file + " is a directory");
        }
        if (Files.exists(file) && !Files.isRegularFile(file) && format.readsAgain()) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    file
                            + " can be read only once: an export is read to its end before anything"
                            + " is written. Put it into a file and import that; what is no export"
                            + " can be taken from here with --format jsonl, text or locomo");
        }
        return format.resolved(file);
    }

    private int importExport() throws IOException {
        Optional<SlotSecret> secret = fileKey.secret(common.surroundings());
        ExportFile.Terms terms = new ExportFile.Terms(memoriesMax, history);
        try (ExportFile export = ExportFile.open(file, secret, terms)) {
            return importExport(export);
        } finally {
            secret.ifPresent(SlotSecret::close);
        }
    }

    private int importExport(ExportFile export) throws IOException {
        ExportFile.Checked checked;
        try (ProgressLine progress = common.progress("check", "bytes")) {
            checked = export.check(progress);
        }
        try (Model model = embedding.load();
                OpenStore store = common.openOrMake(model.options().durability(durability))) {
            Vault vault =
                    store.loam()
                            .vault(
                                    common.chosenVault()
                                            .orElse(checked.header().vault().replace('~', '-')));
            requireNew(vault, export);
            checked.trial().requireFits(vault);
            Stopwatch stopwatch = Stopwatch.started();
            Importer.Report report;
            try (ProgressLine progress = common.progress("import", "bytes")) {
                report = export.restore(vault, checked, progress);
            }
            if (checked.header().options().history() && !history) {
                common.note("the history in the file was not kept; --history keeps it");
            }
            return ended(model, store, report, stopwatch.seconds());
        }
    }

    /** A vault that is there is changed only if that is asked for. */
    private void requireNew(Vault vault, ExportFile export) throws IOException {
        boolean exists;
        try (VaultView view = vault.view()) {
            exists = view.exists();
        }
        if (exists && !merge && !export.isIn(vault)) {
            throw new LoamException(
                    ErrorCode.EXISTS,
                    "there is a vault \""
                            + vault.name()
                            + "\", and it does not hold all of this export. Give --merge to put"
                            + " its memories there, in place of those of the same keys, or name"
                            + " another vault with --vault; nothing was written");
        }
    }

    private int importMemories() throws IOException {
        if (fileKey.isGiven()) {
            throw ExportFile.notSealed(file);
        }
        try (InputFile in = InputFile.open(file);
                Model model = embedding.load();
                OpenStore store = common.openOrMake(model.options().durability(durability))) {
            MemorySource source = format.resolved(file).source(in);
            Stopwatch stopwatch = Stopwatch.started();
            Importer.Report report;
            try (ProgressLine progress = common.progress("import", "bytes")) {
                report =
                        Importer.run(
                                store.vault(),
                                source::next,
                                () -> progress.at(in.position(), in.size()));
            }
            return ended(model, store, report, stopwatch.seconds());
        }
    }

    private int ended(Model model, OpenStore store, Importer.Report report, double seconds) {
        if (durability == Durability.NONE) {
            store.loam().flush();
        }
        store.loam().audit().record(new AuditEvent.Imported(store.vaultId(), report.remembered()));
        print(report, seconds);
        if (report.failure().isEmpty()) {
            model.embed(store.loam(), common);
        }
        return report.failure()
                .map(LoamException::code)
                .map(ExitCode::of)
                .orElse(ExitCode.OK)
                .number();
    }

    private void print(Importer.Report report, double seconds) {
        Optional<LoamException> failure = report.failure();
        if (common.json()) {
            JsonObject.Builder document =
                    JsonObject.builder()
                            .put("remembered", report.remembered())
                            .put("skipped", report.skipped())
                            .put("seconds", seconds);
            failure.flatMap(why -> LoamJson.error(why).member("error"))
                    .ifPresent(error -> document.put("error", error));
            common.print(document.build());
        } else {
            common.print(
                    "remembered %d, already there %d, in %.1f s"
                            .formatted(report.remembered(), report.skipped(), seconds));
        }
        failure.ifPresent(why -> common.note(why.toString()));
    }
}

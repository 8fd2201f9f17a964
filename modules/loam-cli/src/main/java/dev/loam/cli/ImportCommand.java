package dev.loam.cli;

import dev.loam.Durability;
import dev.loam.core.LoamException;
import dev.loam.json.JsonObject;
import dev.loam.json.LoamJson;
import dev.loam.json.MemorySource;
import java.io.IOException;
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
            "Remember what is in a file: JSON lines, plain text, or LoCoMo conversations.",
            "JSON lines: {\"key\",\"text\",\"time\",\"tags\":[],\"fields\":{}}, only text must be"
                    + " there. Plain text: a memory for each line that is not blank. LoCoMo: a"
                    + " memory for each turn under CONVERSATION/D01:003.",
            "Stops at the first thing that is wrong and says where; what came before is kept."
                    + " Importing a file again is harmless: what is there already is passed over."
        })
final class ImportCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();
    @Mixin private final EmbeddingOptions embedding = new EmbeddingOptions();

    @Parameters(paramLabel = "FILE", description = "The file.")
    private Path file = Path.of("");

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "auto",
            description =
                    "auto, jsonl, text or locomo; auto goes by the name and the first character.")
    private ImportFormat format = ImportFormat.AUTO;

    @Option(
            names = "--durability",
            paramLabel = "LEVEL",
            defaultValue = "wal",
            description =
                    "none, wal or full: what has happened to a memory before the next is taken. What"
                            + " is reported at the end is durable at each. Default: wal.")
    private Durability durability = Durability.WAL;

    @Override
    public Integer call() {
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
            if (durability == Durability.NONE) {
                store.loam().flush();
            }
            double seconds = stopwatch.seconds();
            print(report, seconds);
            if (report.failure().isEmpty()) {
                model.embed(store.loam(), common);
            }
            return report.failure()
                    .map(LoamException::code)
                    .map(ExitCode::of)
                    .orElse(ExitCode.OK)
                    .number();
        } catch (IOException failed) {
            throw InputFile.failure(file, failed);
        }
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

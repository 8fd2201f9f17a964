package dev.loam.cli;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.json.JsonObject;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loam demo}. */
@Command(
        name = "demo",
        description = {
            "Show with a real conversation what Loam promises, each promise with its figure.",
            "Works in a temporary directory that it removes; --store is not touched. The last line"
                    + " is \"demo: ok\", or it says what failed."
        })
final class DemoCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();
    @Mixin private final EmbeddingOptions embedding = new EmbeddingOptions();

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description =
                    "A conversation: LoCoMo JSON (its first one), JSON lines or text; default: a"
                            + " sample that comes with Loam.")
    private @Nullable Path input;

    @Option(names = "--ask", paramLabel = "QUESTION", description = "Ask this; may be repeated.")
    private List<String> asked = List.of();

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description = "Work in this new or empty directory and keep it.")
    private @Nullable Path kept;

    @Override
    public Integer call() {
        DemoInput read = input == null ? DemoInput.sample() : DemoInput.of(input);
        DemoInput conversation = asked.isEmpty() ? read : read.asking(asked);
        if (kept != null) {
            return run(made(kept), conversation);
        }
        try (TemporaryDirectory directory = TemporaryDirectory.create()) {
            return run(directory.path(), conversation);
        }
    }

    private int run(Path directory, DemoInput conversation) {
        List<String> failures = new ArrayList<>();
        List<JsonObject> documents = new ArrayList<>();
        try (Model model = embedding.load()) {
            DemoScene scene = new DemoScene(directory, conversation, model, common);
            for (DemoStep step : steps()) {
                scene.say((documents.size() + 1) + ". " + step.title());
                DemoStep.Outcome outcome = outcome(step, scene);
                scene.say("");
                documents.add(
                        JsonObject.builder()
                                .put("step", step.title())
                                .put("ok", outcome.isOk())
                                .put("figures", outcome.figures())
                                .build());
                if (!outcome.isOk()) {
                    failures.add(step.title() + ": " + outcome.failure());
                    break;
                }
            }
        }
        if (common.json()) {
            common.print(
                    JsonObject.builder()
                            .put("ok", failures.isEmpty())
                            .putTexts("failures", failures)
                            .put("steps", documents)
                            .build());
        } else {
            common.print("demo: " + (failures.isEmpty() ? "ok" : String.join("; ", failures)));
        }
        return (failures.isEmpty() ? ExitCode.OK : ExitCode.DAMAGED).number();
    }

    private static List<DemoStep> steps() {
        return List.of(
                new RememberStep(),
                new AskStep(),
                new CrashStep(),
                new SyncStep(),
                new RebuildStep());
    }

    private static DemoStep.Outcome outcome(DemoStep step, DemoScene scene) {
        try {
            return step.run(scene);
        } catch (LoamException failed) {
            return new DemoStep.Outcome(failed.toString(), JsonObject.builder().build());
        }
    }

    private static Path made(Path directory) {
        try {
            Files.createDirectories(directory);
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                if (entries.iterator().hasNext()) {
                    throw new LoamException(ErrorCode.EXISTS, directory + " is not empty");
                }
            }
            return directory;
        } catch (IOException failed) {
            throw new LoamException(
                    ErrorCode.PERMISSIONS, directory + " cannot be made or listed", failed);
        }
    }
}

package dev.loam.cli;

import dev.loam.Embedder;
import dev.loam.core.Bytes;
import dev.loam.json.JsonObject;
import dev.loam.json.LocomoReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code loam eval locomo}. */
@Command(
        name = "locomo",
        description = {
            "Ask the questions of LoCoMo conversations and see how high the turns that hold the"
                    + " answers rank.",
            "Each conversation gets a fresh store in a temporary directory; --store is not"
                    + " touched. R@k: share of the answer's turns among the first k. MRR: mean of"
                    + " 1 / rank of the first. sess.: of sessions, ranked by their best turn. The"
                    + " pipeline grep ranks turns by how many of the question's words they hold.",
            "Categories: 1 multi-hop, 2 temporal, 3 open, 4 single-hop, 5 adversarial."
        })
final class LocomoCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();
    @Mixin private final EmbeddingOptions embedding = new EmbeddingOptions();

    @Parameters(paramLabel = "FILE", description = "A file in LoCoMo's JSON format.")
    private Path file = Path.of("");

    @Override
    public Integer call() {
        try (InputFile in = InputFile.open(file);
                Model model = embedding.load()) {
            LocomoEvaluation evaluation = new LocomoEvaluation(model, common);
            evaluation.run(LocomoReader.of(in), in);
            print(evaluation, model, sha256());
        } catch (IOException failed) {
            throw InputFile.failure(file, failed);
        }
        return ExitCode.OK.number();
    }

    private void print(LocomoEvaluation evaluation, Model model, String sha256) {
        List<EvalTable.Row> rows = EvalTable.rows(evaluation.answers());
        String command = "loam eval locomo " + file + (model.isPresent() ? "" : " --no-model");
        String commit = common.surroundings().environment().getOrDefault("LOAM_COMMIT", "unknown");
        String name = model.embedder().map(Embedder::model).orElse("none");
        if (common.json()) {
            common.print(
                    JsonObject.builder()
                            .put("command", command)
                            .put("commit", commit)
                            .put("sha256", sha256)
                            .put("model", name)
                            .put("conversations", evaluation.conversations())
                            .put("turns", evaluation.turns())
                            .put("skipped", evaluation.skipped())
                            .put("rows", rows.stream().map(EvalTable::json).toList())
                            .build());
            return;
        }
        common.print("command        " + command);
        common.print("commit         " + commit);
        common.print("file SHA-256   " + sha256);
        common.print("model          " + name);
        common.print(
                "conversations  %d with %d turns; %d questions skipped, their evidence names no turn"
                        .formatted(
                                evaluation.conversations(),
                                evaluation.turns(),
                                evaluation.skipped()));
        common.print("");
        common.print(EvalTable.header());
        rows.forEach(row -> common.print(EvalTable.line(row)));
    }

    private String sha256() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return Bytes.adopt(digest.digest()).toHex();
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }
}

package dev.loam.cli;

import dev.loam.Hit;
import dev.loam.Memory;
import dev.loam.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Questions are answered with the turns that were found and their times. */
final class AskStep implements DemoStep {
    private static final int SHOWN = 3;
    private static final int SEARCHED = 10;

    @Override
    public String title() {
        return "Ask about it";
    }

    @Override
    public Outcome run(DemoScene scene) {
        if (scene.input().questions().isEmpty()) {
            scene.say("no questions are given; --ask asks one");
            return Outcome.ok(JsonObject.builder().put("questions", 0).build());
        }
        List<JsonObject> answers = new ArrayList<>();
        int answered = 0;
        try (OpenStore store = scene.openWithModel(scene.first())) {
            double embedding = embed(scene, store);
            for (DemoQuestion question : scene.input().questions()) {
                Stopwatch stopwatch = Stopwatch.started();
                List<Hit> hits = store.vault().recall(question.question(), SEARCHED).hits();
                double millis = stopwatch.seconds() * 1e3;
                answered += hits.isEmpty() ? 0 : 1;
                answers.add(show(scene, question, hits, millis));
            }
            return Outcome.of(
                    answered > 0,
                    "no question found anything",
                    JsonObject.builder()
                            .put("questions", answers.size())
                            .put("embeddingSeconds", embedding)
                            .put("answers", answers)
                            .build());
        }
    }

    private static double embed(DemoScene scene, OpenStore store) {
        if (!scene.model().isPresent()) {
            scene.say("by words alone (--no-model)");
            return 0;
        }
        Stopwatch stopwatch = Stopwatch.started();
        scene.model().embed(store.loam(), scene.common());
        scene.say(
                "by words and by meaning; the text model took %.1f s for all turns"
                        .formatted(stopwatch.seconds()));
        return stopwatch.seconds();
    }

    private static JsonObject show(
            DemoScene scene, DemoQuestion question, List<Hit> hits, double millis) {
        int rank =
                hits.stream()
                        .filter(hit -> question.evidence().contains(hit.memory().key()))
                        .mapToInt(Hit::rank)
                        .findFirst()
                        .orElse(0);
        scene.say("");
        scene.say("\"%s\" (%.0f ms)".formatted(question.question(), millis));
        for (Hit hit : hits.subList(0, Math.min(SHOWN, hits.size()))) {
            Memory memory = hit.memory();
            scene.say(
                    MemoryText.cut(
                            "  %d. %s  %s  %s"
                                    .formatted(
                                            hit.rank(),
                                            memory.time().map(Instant::toString).orElse("-"),
                                            memory.key(),
                                            memory.text().replaceAll("\\s+", " ")),
                            2 * scene.common().surroundings().columns()));
        }
        if (!question.evidence().isEmpty()) {
            scene.say(
                    rank == 0
                            ? "  the turn with the answer is not among the first " + SEARCHED
                            : "  the turn with the answer is number " + rank);
        }
        return JsonObject.builder()
                .put("question", question.question())
                .put("rankOfEvidence", rank)
                .put("millis", millis)
                .putTexts("found", hits.stream().map(hit -> hit.memory().key()).toList())
                .build();
    }
}

package dev.loam.cli;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.json.JsonObject;
import java.io.IOException;

/** The index is deleted; the log alone gives the same state again. */
final class RebuildStep implements DemoStep {
    @Override
    public String title() {
        return "Lose the index";
    }

    @Override
    public Outcome run(DemoScene scene) {
        String before = digest(scene);
        try {
            TemporaryDirectory.delete(scene.first().resolve("index"));
        } catch (IOException failed) {
            throw new LoamException(ErrorCode.IO_FAILED, "the index cannot be deleted", failed);
        }
        Stopwatch stopwatch = Stopwatch.started();
        try (OpenStore store = scene.open(scene.first())) {
            double seconds = stopwatch.seconds();
            long records = store.loam().stats().records();
            long batches = store.loam().openReport().replayedBatches();
            String after = store.loam().digest();
            boolean same = before.equals(after);
            scene.say(
                    "index deleted; %d memories rebuilt from %d log entries in %.2f s"
                            .formatted(records, batches, seconds));
            scene.say("digest before " + before);
            scene.say("digest after  " + after + (same ? ": equal" : ": DIFFERENT"));
            return Outcome.of(
                    same,
                    "the rebuilt state differs",
                    JsonObject.builder()
                            .put("records", records)
                            .put("batches", batches)
                            .put("seconds", seconds)
                            .put("digestBefore", before)
                            .put("digestAfter", after)
                            .build());
        }
    }

    private static String digest(DemoScene scene) {
        try (OpenStore store = scene.open(scene.first())) {
            return store.loam().digest();
        }
    }
}

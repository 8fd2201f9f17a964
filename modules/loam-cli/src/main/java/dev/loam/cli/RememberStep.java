package dev.loam.cli;

import dev.loam.json.JsonObject;
import dev.loam.json.SourceItem;
import java.util.Iterator;
import java.util.Optional;

/** The turns of the conversation are remembered. */
final class RememberStep implements DemoStep {
    @Override
    public String title() {
        return "Remember a conversation";
    }

    @Override
    public Outcome run(DemoScene scene) {
        Iterator<SourceItem> turns = scene.input().turns().iterator();
        try (OpenStore store = scene.open(scene.first())) {
            Stopwatch stopwatch = Stopwatch.started();
            Importer.Report report =
                    Importer.run(
                            store.vault(),
                            () -> turns.hasNext() ? Optional.of(turns.next()) : Optional.empty(),
                            () -> {});
            report.failure()
                    .ifPresent(
                            failure -> {
                                throw failure;
                            });
            double seconds = stopwatch.seconds();
            double perSecond = report.remembered() / seconds;
            scene.say(
                    "%d turns of %s in %.2f s: %.0f turns a second, each on the disk before it counts"
                            .formatted(
                                    report.remembered(), scene.input().name(), seconds, perSecond));
            return Outcome.of(
                    report.remembered() + report.skipped() == scene.input().turns().size(),
                    "not all turns were remembered",
                    JsonObject.builder()
                            .put("turns", report.remembered())
                            .put("seconds", seconds)
                            .put("turnsPerSecond", perSecond)
                            .build());
        }
    }
}

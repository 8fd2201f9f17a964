package dev.loam.json;

import dev.loam.Change;
import dev.loam.CompactedRecord;
import dev.loam.History;
import dev.loam.Inspection;
import dev.loam.LoggedOperation;
import dev.loam.ReplayReport;
import dev.loam.core.ActorId;
import dev.loam.core.DeviceId;
import dev.loam.core.Dot;
import dev.loam.core.Lifetime;
import dev.loam.core.Operation;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * What the log tells, as JSON, under names that never change their meaning; as {@link LoamJson}
 * otherwise.
 */
public final class LogJson {
    private LogJson() {}

    /** {@code {"key", "complete", "changes": [...]}}, oldest change first. */
    public static JsonObject history(String key, History history) {
        return JsonObject.builder()
                .put("key", key)
                .put("complete", history.complete())
                .put("changes", history.changes().stream().map(LogJson::change).toList())
                .build();
    }

    private static JsonObject change(Change change) {
        JsonObject.Builder object =
                JsonObject.builder()
                        .put("time", change.time())
                        .putIfPresent("device", change.device().map(DeviceId::toString))
                        .put("actor", change.batch().actor().toString())
                        .put("sequence", change.batch().sequence())
                        .put("kind", change.kind().name().toLowerCase(Locale.ROOT));
        if (!change.name().isEmpty()) {
            object.put("name", change.name());
        }
        change.from().ifPresent(from -> object.put("from", MemoryJson.write(from)));
        change.to().ifPresent(to -> object.put("to", MemoryJson.write(to)));
        return object.build();
    }

    /** One line of a replay: who, when, where, and the members of its kind of operation. */
    public static JsonObject operation(LoggedOperation logged) {
        JsonObject.Builder object =
                JsonObject.builder()
                        .put("vault", logged.vault())
                        .put("vaultId", logged.batch().vault().toString())
                        .put("actor", logged.batch().actor().toString())
                        .put("sequence", logged.batch().sequence())
                        .put("counter", logged.counter())
                        .putIfPresent("device", logged.device().map(DeviceId::toString))
                        .put("time", logged.time());
        if (!logged.key().isEmpty()) {
            object.put("key", logged.key());
        }
        switch (logged.operation()) {
            case Operation.Set set -> {
                object.put("kind", "set").put("field", set.field().name());
                object.put("value", MemoryJson.write(set.value()));
                object.put("fresh", set.lifetime() == Lifetime.FRESH);
            }
            case Operation.AddElement add -> {
                object.put("kind", "add").put("field", add.field().name());
                object.put("value", MemoryJson.write(add.element()));
                object.put("fresh", add.lifetime() == Lifetime.FRESH);
            }
            case Operation.RemoveElement remove ->
                    object.put("kind", "remove")
                            .put("field", remove.field().name())
                            .put("value", MemoryJson.write(remove.element()));
            case Operation.Embed embed ->
                    object.put("kind", "embed")
                            .put("model", embed.model())
                            .put("textHash", embed.embedding().textHash().toHex())
                            .put(
                                    "vector",
                                    Base64.getEncoder()
                                            .encodeToString(embed.embedding().vector().toArray()));
            case Operation.Delete _ -> object.put("kind", "delete");
            case Operation.Found found ->
                    object.put("kind", "found")
                            .put("name", found.vaultName())
                            .put("publicKey", found.devicePublicKey().toHex());
            case Operation.Enrol enrol -> {
                object.put("kind", "enrol").put("publicKey", enrol.devicePublicKey().toHex());
                object.putIfPresent("replaced", enrol.replaced().map(ActorId::toString));
            }
            case Operation.Suspend(ActorId actor) ->
                    object.put("kind", "suspend").put("excluded", actor.toString());
            case Operation.Retire _ -> object.put("kind", "retire");
            case Operation.Revoke(ActorId actor) ->
                    object.put("kind", "revoke").put("excluded", actor.toString());
            case Operation.Ack _ -> object.put("kind", "ack");
            case Operation.Cut cut ->
                    object.put("kind", "cut")
                            .put(
                                    "horizon",
                                    cut.horizon().tips().entrySet().stream()
                                            .map(
                                                    entry ->
                                                            dot(
                                                                    new Dot(
                                                                            entry.getKey(),
                                                                            entry.getValue()
                                                                                    .counter())))
                                            .toList());
        }
        List<Dot> overwritten = logged.operation().overwritten();
        if (!overwritten.isEmpty()) {
            object.put("overwritten", overwritten.stream().map(LogJson::dot).toList());
        }
        return object.build();
    }

    private static JsonObject dot(Dot dot) {
        return JsonObject.builder()
                .put("actor", dot.actor().toString())
                .put("counter", dot.counter())
                .build();
    }

    /** A line of a replay that stands for operations that a compaction has let go. */
    public static JsonObject compacted(CompactedRecord record) {
        return JsonObject.builder()
                .put("vault", record.vault())
                .put("key", record.key())
                .put("kind", "compacted")
                .build();
    }

    /**
     * The counts of a replay.
     *
     * @param written lines or memories, whichever were asked for
     */
    public static JsonObject replay(ReplayReport report, long written) {
        return JsonObject.builder()
                .put("read", report.batches())
                .put("selected", report.operations())
                .put("compacted", report.compacted())
                .put("written", written)
                .put("damaged", report.damaged())
                .putTexts("damage", report.damage())
                .build();
    }

    public static JsonObject inspection(Inspection found) {
        JsonObject.Builder files = JsonObject.builder();
        found.bytesByKind().forEach(files::put);
        return JsonObject.builder()
                .put("segments", found.segments().stream().map(LogJson::segment).toList())
                .put("authors", found.authors().stream().map(LogJson::author).toList())
                .put("liveBytes", found.liveBytes())
                .put("deadBytes", found.deadBytes())
                .put("files", files.build())
                .build();
    }

    private static JsonObject segment(Inspection.Segment segment) {
        return JsonObject.builder()
                .put("number", segment.number())
                .put("first", segment.first().number())
                .put("last", segment.last().number())
                .put("frames", segment.frames())
                .put("bytes", segment.bytes())
                .put("sealed", segment.sealed())
                .put("compacted", segment.compacted())
                .build();
    }

    private static JsonObject author(Inspection.Author author) {
        return JsonObject.builder()
                .put("vault", author.vault())
                .put("actor", author.actor().toString())
                .put("device", author.device().toString())
                .put("batches", author.batches())
                .put("operations", author.operations())
                .put("last", author.last())
                .build();
    }
}

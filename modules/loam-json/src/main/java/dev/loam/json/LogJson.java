package dev.loam.json;

import dev.loam.Change;
import dev.loam.CompactedRecord;
import dev.loam.History;
import dev.loam.Inspection;
import dev.loam.LoggedOperation;
import dev.loam.ReplayReport;
import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.Dot;
import dev.loam.core.Lifetime;
import dev.loam.core.LogKey;
import dev.loam.core.Operation;
import dev.loam.core.Value;
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

    static JsonObject change(Change change) {
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
        write(object, logged.operation());
        List<Dot> overwritten = logged.operation().overwritten();
        if (!overwritten.isEmpty()) {
            object.put("overwritten", overwritten.stream().map(LogJson::dot).toList());
        }
        return object.build();
    }

    private static void write(JsonObject.Builder object, Operation operation) {
        switch (operation) {
            case Operation.OnField on -> {
                object.put("kind", kind(on)).put("field", on.field().name());
                writeOnField(object, on);
            }
            case Operation.Embed embed ->
                    object.put("kind", "embed")
                            .put("model", embed.model())
                            .put("textHash", embed.embedding().textHash().toHex())
                            .put(
                                    "vector",
                                    Base64.getEncoder()
                                            .encodeToString(embed.embedding().vector().toArray()));
            case Operation.Delete _ -> object.put("kind", "delete");
            case Operation.Remove _ -> object.put("kind", "removeRecord");
            case Operation.Purge _ -> object.put("kind", "purge");
            case Operation.Unknown(int tag, Bytes payload) -> writeUnknown(object, tag, payload);
            case Operation.UnknownControl(int tag, Bytes payload) ->
                    writeUnknown(object, tag, payload);
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
            case Operation.Erased _ -> object.put("kind", "erased");
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
    }

    /** The name of {@link Operation.RemoveElement} is older than that of removed records. */
    private static String kind(Operation.OnField operation) {
        return switch (operation) {
            case Operation.Set _ -> "set";
            case Operation.AddElement _ -> "add";
            case Operation.RemoveElement _ -> "remove";
            case Operation.Max _ -> "max";
            case Operation.Min _ -> "min";
            case Operation.Increment _ -> "increment";
            case Operation.Reset _ -> "reset";
            case Operation.Append _ -> "append";
            case Operation.Truncate _ -> "truncate";
        };
    }

    private static void writeOnField(JsonObject.Builder object, Operation.OnField operation) {
        switch (operation) {
            case Operation.Set set -> writeContent(object, set.value(), set.lifetime());
            case Operation.AddElement add -> writeContent(object, add.element(), add.lifetime());
            case Operation.RemoveElement remove ->
                    object.put("value", MemoryJson.write(remove.element()));
            case Operation.Max max -> object.put("value", MemoryJson.write(max.value()));
            case Operation.Min min -> object.put("value", MemoryJson.write(min.value()));
            case Operation.Increment increment ->
                    object.put("amount", increment.amount())
                            .put("fresh", increment.lifetime() == Lifetime.FRESH);
            case Operation.Reset _ -> {}
            case Operation.Append append -> writeContent(object, append.entry(), append.lifetime());
            case Operation.Truncate truncate -> {
                LogKey kept = truncate.oldestKept();
                object.put("oldestKeptStamp", Long.toUnsignedString(kept.stamp().bits()))
                        .put("oldestKept", dot(kept.dot()));
            }
        }
    }

    private static void writeContent(JsonObject.Builder object, Value value, Lifetime lifetime) {
        object.put("value", MemoryJson.write(value)).put("fresh", lifetime == Lifetime.FRESH);
    }

    /** What a newer Loam wrote, as its bytes. */
    private static void writeUnknown(JsonObject.Builder object, int tag, Bytes payload) {
        object.put("kind", "unknown")
                .put("tag", tag)
                .put("payload", Base64.getEncoder().encodeToString(payload.toArray()));
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

package dev.loam.json;

import dev.loam.Memory;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.FieldName;
import dev.loam.core.LoamException;
import dev.loam.core.Value;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A memory as a JSON object. Text, whole numbers, fractions and truths are JSON's own; what JSON
 * lacks is an object of one member: {@code {"moment": ISO-8601}}, {@code {"binary": base64}},
 * {@code {"real": "NaN"}}. Vectors are base64 of little-endian 32-bit floats.
 */
final class MemoryJson {
    private MemoryJson() {}

    static JsonObject write(Memory memory) {
        JsonObject.Builder object = members(memory);
        if (!memory.vectors().isEmpty()) {
            JsonObject.Builder vectors = JsonObject.builder();
            memory.vectors()
                    .forEach((model, vector) -> vectors.put(model, base64(vector.littleEndian())));
            object.put("vectors", vectors.build());
        }
        return object.build();
    }

    static JsonObject writeWithoutVectors(Memory memory) {
        return members(memory).build();
    }

    private static JsonObject.Builder members(Memory memory) {
        JsonObject.Builder object = JsonObject.builder();
        if (!memory.key().isEmpty()) {
            object.put("key", memory.key());
        }
        object.put("text", memory.text());
        memory.time().ifPresent(time -> object.put("time", time));
        object.putTexts("tags", memory.tags());
        JsonObject.Builder fields = JsonObject.builder();
        memory.fields().forEach((name, value) -> fields.put(name.name(), write(value)));
        object.put("fields", fields.build());
        putAggregates(object, memory);
        return object;
    }

    /** Few memories have any: each kind is written only where there is one. */
    private static void putAggregates(JsonObject.Builder object, Memory memory) {
        if (!memory.counters().isEmpty()) {
            JsonObject.Builder counters = JsonObject.builder();
            memory.counters().forEach((name, total) -> counters.put(name.name(), total));
            object.put("counters", counters.build());
        }
        if (!memory.logs().isEmpty()) {
            JsonObject.Builder logs = JsonObject.builder();
            memory.logs()
                    .forEach(
                            (name, entries) ->
                                    logs.put(
                                            name.name(),
                                            new JsonValue.Sequence(
                                                    entries.stream()
                                                            .map(MemoryJson::write)
                                                            .toList())));
            object.put("logs", logs.build());
        }
        putValues(object, "maxima", memory.maxima());
        putValues(object, "minima", memory.minima());
    }

    private static void putValues(
            JsonObject.Builder object, String kind, SortedMap<FieldName, Value> values) {
        if (!values.isEmpty()) {
            JsonObject.Builder members = JsonObject.builder();
            values.forEach((name, value) -> members.put(name.name(), write(value)));
            object.put(kind, members.build());
        }
    }

    static JsonValue write(Value value) {
        return switch (value) {
            case Value.Text text -> new JsonValue.Text(text.text());
            case Value.Whole whole -> new JsonValue.Whole(whole.number());
            case Value.Real real ->
                    Double.isFinite(real.number())
                            ? new JsonValue.Real(real.number())
                            : typed("real", Double.toString(real.number()));
            case Value.Truth truth -> new JsonValue.Truth(truth.holds());
            case Value.Moment moment ->
                    typed("moment", Instant.ofEpochMilli(moment.epochMillis()).toString());
            case Value.Binary binary -> typed("binary", base64(binary.bytes()));
        };
    }

    private static JsonObject typed(String type, String text) {
        return JsonObject.builder().put(type, text).build();
    }

    private static String base64(Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.toArray());
    }

    static Memory read(JsonValue document) {
        if (!(document instanceof JsonObject object)) {
            throw refused("a memory is a JSON object");
        }
        Memory memory = Memory.of(text(object.member("text"), "text"));
        for (var member : object.members().entrySet()) {
            JsonValue value = member.getValue();
            memory =
                    switch (member.getKey()) {
                        case "text" -> memory;
                        case "key" -> memory.key(text(Optional.of(value), "key"));
                        case "time" -> memory.at(instant(text(Optional.of(value), "time")));
                        case "tags" -> withTags(memory, value);
                        case "fields" -> withFields(memory, value);
                        case "counters" -> withCounters(memory, value);
                        case "logs" -> withLogs(memory, value);
                        case "maxima" -> withValues(memory, value, "maxima", Memory::max);
                        case "minima" -> withValues(memory, value, "minima", Memory::min);
                        case "vectors" -> withVectors(memory, value);
                        default ->
                                throw refused(
                                        "a memory has a member that is none of key, text, time,"
                                                + " tags, fields, counters, logs, maxima,"
                                                + " minima, vectors");
                    };
        }
        return memory;
    }

    private static Memory withTags(Memory memory, JsonValue value) {
        if (!(value instanceof JsonValue.Sequence tags)) {
            throw refused("\"tags\" is not an array of strings");
        }
        Memory tagged = memory;
        for (JsonValue tag : tags.elements()) {
            tagged = tagged.tag(text(Optional.of(tag), "tags"));
        }
        return tagged;
    }

    /** How a memory takes a named value of some kind. */
    private interface Taking {
        Memory take(Memory memory, String name, Value value);
    }

    private static Memory withFields(Memory memory, JsonValue value) {
        return withValues(memory, value, "fields", Memory::field);
    }

    private static Memory withValues(Memory memory, JsonValue value, String kind, Taking taking) {
        Memory extended = memory;
        for (var field : object(value, kind).members().entrySet()) {
            Value read = read(field.getKey(), field.getValue());
            extended = taking.take(extended, field.getKey(), read);
        }
        return extended;
    }

    private static Memory withCounters(Memory memory, JsonValue value) {
        Memory extended = memory;
        for (var counter : object(value, "counters").members().entrySet()) {
            if (!(counter.getValue() instanceof JsonValue.Whole(long total))) {
                throw refused("the counter \"" + counter.getKey() + "\" is not a whole number");
            }
            extended = extended.counter(counter.getKey(), total);
        }
        return extended;
    }

    private static Memory withLogs(Memory memory, JsonValue value) {
        Memory extended = memory;
        for (var log : object(value, "logs").members().entrySet()) {
            if (!(log.getValue() instanceof JsonValue.Sequence entries)) {
                throw refused("the log \"" + log.getKey() + "\" is not an array");
            }
            for (JsonValue entry : entries.elements()) {
                extended = extended.entry(log.getKey(), read(log.getKey(), entry));
            }
        }
        return extended;
    }

    private static JsonObject object(JsonValue value, String name) {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw refused("\"" + name + "\" is not an object");
    }

    private static Memory withVectors(Memory memory, JsonValue value) {
        if (!(value instanceof JsonObject vectors)) {
            throw refused("\"vectors\" is not an object");
        }
        Memory extended = memory;
        for (var vector : vectors.members().entrySet()) {
            Bytes bytes = bytes(text(Optional.of(vector.getValue()), "vectors"));
            if (bytes.size() % Float.BYTES != 0) {
                throw refused("a vector is not made of 32-bit floats");
            }
            FloatBuffer buffer = bytes.asBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
            float[] floats = new float[buffer.remaining()];
            buffer.get(floats);
            extended = extended.vector(vector.getKey(), floats);
        }
        return extended;
    }

    /** Reads a typed value; the field's name is for the message. */
    static Value read(String field, JsonValue json) {
        return switch (json) {
            case JsonValue.Text text -> new Value.Text(text.text());
            case JsonValue.Whole whole -> new Value.Whole(whole.number());
            case JsonValue.Real real -> new Value.Real(real.number());
            case JsonValue.Truth truth -> new Value.Truth(truth.holds());
            case JsonObject object -> readTyped(field, object);
            case JsonValue.Sequence sequence -> throw noValue(field);
            case JsonValue.Nothing nothing -> throw noValue(field);
        };
    }

    private static Value readTyped(String field, JsonObject object) {
        if (object.members().size() != 1) {
            throw noValue(field);
        }
        var member = object.members().firstEntry();
        String text = text(Optional.of(member.getValue()), field);
        return switch (member.getKey()) {
            case "moment" -> new Value.Moment(instant(text).toEpochMilli());
            case "binary" -> new Value.Binary(bytes(text));
            case "real" ->
                    switch (text) {
                        case "NaN" -> new Value.Real(Double.NaN);
                        case "Infinity" -> new Value.Real(Double.POSITIVE_INFINITY);
                        case "-Infinity" -> new Value.Real(Double.NEGATIVE_INFINITY);
                        default -> throw noValue(field);
                    };
            default -> throw noValue(field);
        };
    }

    private static LoamException noValue(String field) {
        return refused(
                "the value of field \""
                        + field
                        + "\" is none of: string, number, true, false, {\"moment\": ISO-8601},"
                        + " {\"binary\": base64}, {\"real\": \"NaN\"}");
    }

    private static String text(Optional<JsonValue> value, String name) {
        if (value.orElse(new JsonValue.Nothing()) instanceof JsonValue.Text(String text)) {
            return text;
        }
        throw refused("\"" + name + "\" is missing or not a string");
    }

    private static Instant instant(String text) {
        try {
            // A time is kept in milliseconds; one that they cannot count is refused here.
            return Instant.ofEpochMilli(Instant.parse(text).toEpochMilli());
        } catch (DateTimeException | ArithmeticException malformed) {
            throw new LoamException(
                    ErrorCode.INVALID_JSON,
                    "a time is not of the form 2026-01-31T12:00:00Z",
                    malformed);
        }
    }

    private static Bytes bytes(String base64) {
        try {
            return Bytes.adopt(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException malformed) {
            throw new LoamException(ErrorCode.INVALID_JSON, "bytes are not in base64", malformed);
        }
    }

    private static LoamException refused(String why) {
        return new LoamException(ErrorCode.INVALID_JSON, why);
    }
}

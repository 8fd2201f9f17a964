package dev.loam.json;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.Invariant;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/** JSON as text: the only class that calls Jackson. */
final class JsonText {
    static final int DOCUMENT_BYTES_MAX = 16 << 20;
    static final int NESTING_MAX = 64;
    // The longest value, 1 MiB, in base64.
    static final int STRING_CHARS_MAX = 2 << 20;
    static final int NUMBER_CHARS_MAX = 100;
    static final int NAME_CHARS_MAX = 256;
    static final int TOKENS_MAX = 1_000_000;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxDocumentLength(DOCUMENT_BYTES_MAX)
                                    .maxNestingDepth(NESTING_MAX)
                                    .maxStringLength(STRING_CHARS_MAX)
                                    .maxNumberLength(NUMBER_CHARS_MAX)
                                    .maxNameLength(NAME_CHARS_MAX)
                                    .maxTokenCount(TOKENS_MAX)
                                    .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();

    private static final Bytes BYTE_ORDER_MARK = Bytes.fromHex("efbbbf");

    private JsonText() {}

    static JsonValue parse(String document) {
        return read(FACTORY.createParser(ObjectReadContext.empty(), document));
    }

    private static JsonValue read(JsonParser opened) {
        return guarded(
                () -> {
                    try (JsonParser parser = opened) {
                        if (parser.nextToken() == null) {
                            throw refused("the document is empty", parser);
                        }
                        JsonValue value = valueAt(parser);
                        requireEnd(parser);
                        return value;
                    }
                });
    }

    static JsonParser parser(InputStream utf8) {
        // Of bytes Jackson would guess whether they are UTF-16 or UTF-32.
        Reader text =
                new InputStreamReader(
                        behindByteOrderMark(utf8), StandardCharsets.UTF_8.newDecoder());
        return guarded(() -> FACTORY.createParser(ObjectReadContext.empty(), text));
    }

    private static InputStream behindByteOrderMark(InputStream utf8) {
        PushbackInputStream in = new PushbackInputStream(utf8, BYTE_ORDER_MARK.size());
        try {
            byte[] start = in.readNBytes(BYTE_ORDER_MARK.size());
            if (!Bytes.adopt(start).equals(BYTE_ORDER_MARK)) {
                in.unread(start);
            }
            return in;
        } catch (IOException failed) {
            throw new LoamException(ErrorCode.IO_FAILED, "the input cannot be read", failed);
        }
    }

    static void requireEnd(JsonParser parser) {
        if (parser.nextToken() != null) {
            throw refused("something follows the document", parser);
        }
    }

    /** Calls Jackson, whose exceptions become ours. */
    static <T> T guarded(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (JacksonIOException failed) {
            if (failed.getCause() instanceof CharacterCodingException) {
                throw new LoamException(ErrorCode.INVALID_JSON, "not UTF-8 text", failed);
            }
            throw new LoamException(ErrorCode.IO_FAILED, "the input cannot be read", failed);
        } catch (StreamConstraintsException tooMuch) {
            throw refused(
                    "a string, a name, a number, the nesting or the document is over its limit",
                    tooMuch);
        } catch (JacksonException malformed) {
            // Jackson's own words quote the input, which is somebody's memory.
            throw refused("not valid JSON, or a name appears twice in an object", malformed);
        }
    }

    static JsonValue valueAt(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> objectAt(parser);
            case START_ARRAY -> sequenceAt(parser);
            case VALUE_STRING -> new JsonValue.Text(parser.getString());
            case VALUE_NUMBER_INT -> wholeAt(parser);
            case VALUE_NUMBER_FLOAT -> realAt(parser);
            case VALUE_TRUE -> new JsonValue.Truth(true);
            case VALUE_FALSE -> new JsonValue.Truth(false);
            case VALUE_NULL -> new JsonValue.Nothing();
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
                    throw new AssertionError("no value begins with " + parser.currentToken());
        };
    }

    private static JsonObject objectAt(JsonParser parser) {
        SequencedMap<String, JsonValue> members = new LinkedHashMap<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            members.put(name, valueAt(parser));
        }
        return new JsonObject(members);
    }

    private static JsonValue.Sequence sequenceAt(JsonParser parser) {
        List<JsonValue> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(valueAt(parser));
        }
        return new JsonValue.Sequence(elements);
    }

    private static JsonValue wholeAt(JsonParser parser) {
        return switch (parser.getNumberType()) {
            case INT, LONG -> new JsonValue.Whole(parser.getLongValue());
            case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL ->
                    throw refused("a whole number is beyond 64 bits", parser);
        };
    }

    private static JsonValue realAt(JsonParser parser) {
        double number = Double.parseDouble(parser.getString());
        if (Double.isInfinite(number)) {
            throw refused("a number is beyond a double", parser);
        }
        return new JsonValue.Real(number);
    }

    static LoamException refused(String why, JsonParser parser) {
        return new LoamException(
                ErrorCode.INVALID_JSON, why + place(parser.currentTokenLocation()));
    }

    private static LoamException refused(String why, JacksonException cause) {
        return new LoamException(ErrorCode.INVALID_JSON, why + place(cause.getLocation()), cause);
    }

    private static String place(@Nullable TokenStreamLocation place) {
        return place == null
                ? ""
                : " (at line " + place.getLineNr() + ", column " + place.getColumnNr() + ")";
    }

    static String write(JsonValue value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            writeTo(generator, value);
        }
        return text.toString();
    }

    private static void writeTo(JsonGenerator generator, JsonValue value) {
        switch (value) {
            case JsonObject object -> {
                generator.writeStartObject();
                object.members()
                        .forEach(
                                (name, member) -> {
                                    generator.writeName(name);
                                    writeTo(generator, member);
                                });
                generator.writeEndObject();
            }
            case JsonValue.Sequence sequence -> {
                generator.writeStartArray();
                sequence.elements().forEach(element -> writeTo(generator, element));
                generator.writeEndArray();
            }
            case JsonValue.Text text -> generator.writeString(text.text());
            case JsonValue.Whole whole -> generator.writeNumber(whole.number());
            case JsonValue.Real real -> {
                Invariant.check(Double.isFinite(real.number()), "a JSON number is finite");
                generator.writeNumber(real.number());
            }
            case JsonValue.Truth truth -> generator.writeBoolean(truth.holds());
            case JsonValue.Nothing nothing -> generator.writeNull();
        }
    }
}

package dev.loam.json;

import java.io.InputStream;
import java.util.Optional;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The elements of one JSON array, read one after the other. Not for use by several threads. */
final class JsonElements {
    private final JsonParser parser;
    private boolean ended;

    private JsonElements(JsonParser parser) {
        this.parser = parser;
    }

    static JsonElements of(InputStream utf8) {
        JsonParser parser = JsonText.parser(utf8);
        JsonText.guarded(
                () -> {
                    if (parser.nextToken() != JsonToken.START_ARRAY) {
                        throw JsonText.refused("the document is not an array", parser);
                    }
                    return parser;
                });
        return new JsonElements(parser);
    }

    /** The next element; empty at the end of the document. */
    Optional<JsonValue> next() {
        return ended ? Optional.empty() : JsonText.guarded(this::read);
    }

    private Optional<JsonValue> read() {
        if (parser.nextToken() != JsonToken.END_ARRAY) {
            return Optional.of(JsonText.valueAt(parser));
        }
        ended = true;
        JsonText.requireEnd(parser);
        return Optional.empty();
    }
}

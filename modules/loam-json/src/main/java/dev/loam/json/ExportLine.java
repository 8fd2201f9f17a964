package dev.loam.json;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.util.Optional;
import java.util.Set;

/** What the members of an export's lines have to be. */
final class ExportLine {
    private ExportLine() {}

    static JsonObject object(JsonValue value) {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw refused("a line of an export is a JSON object, and so are its parts");
    }

    static JsonObject object(JsonObject in, String name) {
        return object(in.member(name).orElse(new JsonValue.Nothing()));
    }

    static String text(JsonObject in, String name) {
        if (member(in, name) instanceof JsonValue.Text(String text)) {
            return text;
        }
        throw refused("\"" + name + "\" is missing or not a string");
    }

    static boolean truth(JsonObject in, String name) {
        if (member(in, name) instanceof JsonValue.Truth(boolean holds)) {
            return holds;
        }
        throw refused("\"" + name + "\" is missing or neither true nor false");
    }

    static long count(JsonObject in, String name) {
        if (member(in, name) instanceof JsonValue.Whole(long number) && number >= 0) {
            return number;
        }
        throw refused("\"" + name + "\" is missing or no count");
    }

    private static JsonValue member(JsonObject in, String name) {
        return Optional.ofNullable(in.members().get(name)).orElse(new JsonValue.Nothing());
    }

    static void requireOnly(JsonObject in, Set<String> known) {
        if (!known.containsAll(in.members().keySet())) {
            throw refused("a line has a member that no export of this form has");
        }
    }

    static LoamException refused(String why) {
        return new LoamException(ErrorCode.INVALID_JSON, why);
    }
}

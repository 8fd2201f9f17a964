package dev.loam.json;

import dev.loam.core.LoamException;
import java.util.List;

/** A JSON value. {@code toString} of any of them is its JSON text, on one line. */
public sealed interface JsonValue
        permits JsonObject,
                JsonValue.Text,
                JsonValue.Whole,
                JsonValue.Real,
                JsonValue.Truth,
                JsonValue.Nothing,
                JsonValue.Sequence {
    /**
     * Reads one JSON document of at most 16 MiB. Refused with {@code INVALID_JSON}: malformed JSON,
     * a name that appears twice in an object, anything after the document, nesting deeper than 64,
     * strings over 2 MiB, names over 256 characters, numbers over 100 digits, whole numbers beyond
     * 64 bits and fractions beyond a double.
     *
     * @throws LoamException {@code INVALID_JSON}; the message never quotes the document
     */
    static JsonValue parse(String document) {
        return JsonText.parse(document);
    }

    /** A string. */
    record Text(String text) implements JsonValue {
        @Override
        public String toString() {
            return JsonText.write(this);
        }
    }

    /** A number without fraction or exponent. */
    record Whole(long number) implements JsonValue {
        @Override
        public String toString() {
            return JsonText.write(this);
        }
    }

    /** A finite number, always written with a fraction or an exponent. */
    record Real(double number) implements JsonValue {
        @Override
        public String toString() {
            return JsonText.write(this);
        }
    }

    /** True or false. */
    record Truth(boolean holds) implements JsonValue {
        @Override
        public String toString() {
            return JsonText.write(this);
        }
    }

    /** The null of JSON. */
    record Nothing() implements JsonValue {
        @Override
        public String toString() {
            return JsonText.write(this);
        }
    }

    /** An array. */
    record Sequence(List<JsonValue> elements) implements JsonValue {
        public Sequence {
            elements = List.copyOf(elements);
        }

        @Override
        public String toString() {
            return JsonText.write(this);
        }
    }
}

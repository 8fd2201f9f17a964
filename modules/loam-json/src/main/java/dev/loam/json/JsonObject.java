package dev.loam.json;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** A JSON object whose members keep the order in which they were put or read. */
public record JsonObject(SequencedMap<String, JsonValue> members) implements JsonValue {
    public JsonObject {
        members = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(members));
    }

    public static Builder builder() {
        return new Builder();
    }

    public Optional<JsonValue> member(String name) {
        return Optional.ofNullable(members.get(name));
    }

    @Override
    public String toString() {
        return JsonText.write(this);
    }

    /** Collects members. Not for use by several threads. */
    public static final class Builder {
        private final SequencedMap<String, JsonValue> members = new LinkedHashMap<>();

        private Builder() {}

        public Builder put(String name, JsonValue value) {
            members.put(name, value);
            return this;
        }

        public Builder put(String name, String value) {
            return put(name, new JsonValue.Text(value));
        }

        public Builder put(String name, long value) {
            return put(name, new JsonValue.Whole(value));
        }

        public Builder put(String name, double value) {
            return put(name, new JsonValue.Real(value));
        }

        public Builder put(String name, boolean value) {
            return put(name, new JsonValue.Truth(value));
        }

        /** As ISO-8601 in UTC. */
        public Builder put(String name, Instant value) {
            return put(name, value.toString());
        }

        public Builder put(String name, List<? extends JsonValue> values) {
            return put(name, new JsonValue.Sequence(List.copyOf(values)));
        }

        public Builder putTexts(String name, Collection<String> values) {
            return put(name, values.stream().map(JsonValue.Text::new).toList());
        }

        /** Puts the member only if there is a value. */
        public Builder putIfPresent(String name, Optional<String> value) {
            value.ifPresent(present -> put(name, present));
            return this;
        }

        public JsonObject build() {
            return new JsonObject(members);
        }
    }
}

package dev.loam.cli;

import dev.loam.core.Invariant;
import dev.loam.json.JsonObject;
import dev.loam.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A question that the demo asks.
 *
 * @param evidence keys of the turns that hold the answer; empty if nobody knows
 */
record DemoQuestion(String question, Set<String> evidence) {
    DemoQuestion {
        evidence = Set.copyOf(evidence);
    }

    /** Reads the sample's questions: an array of {@code {"question", "evidence": [keys]}}. */
    static List<DemoQuestion> parse(String json) {
        List<DemoQuestion> questions = new ArrayList<>();
        if (JsonValue.parse(json) instanceof JsonValue.Sequence(List<JsonValue> elements)) {
            for (JsonValue element : elements) {
                if (element instanceof JsonObject object
                        && object.members().get("question") instanceof JsonValue.Text(String text)
                        && object.members().get("evidence")
                                instanceof JsonValue.Sequence(List<JsonValue> keys)) {
                    questions.add(new DemoQuestion(text, texts(keys)));
                }
            }
        }
        Invariant.check(!questions.isEmpty(), "the sample has questions");
        return questions;
    }

    private static Set<String> texts(List<JsonValue> values) {
        List<String> texts = new ArrayList<>();
        for (JsonValue value : values) {
            if (value instanceof JsonValue.Text(String text)) {
                texts.add(text);
            }
        }
        return Set.copyOf(texts);
    }
}

package dev.loam.cli;

import dev.loam.AuditEntry;
import dev.loam.json.AuditJson;
import dev.loam.json.JsonObject;
import dev.loam.json.JsonValue;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Events of the audit trail for people: the names of their JSON, in a line. */
final class AuditText {
    private static final Set<String> IN_FRONT = Set.of("number", "time", "event");

    private AuditText() {}

    static String line(AuditEntry entry) {
        Map<String, JsonValue> members = AuditJson.entry(entry).members();
        String rest =
                members.entrySet().stream()
                        .filter(each -> !IN_FRONT.contains(each.getKey()))
                        .map(each -> " " + each.getKey() + " " + plain(each.getValue()))
                        .collect(Collectors.joining(","));
        return "%6d  %s  %s%s"
                .formatted(
                        entry.number(),
                        entry.time(),
                        plain(members.getOrDefault("event", new JsonValue.Text(""))),
                        rest.isEmpty() ? "" : ":" + rest);
    }

    private static String plain(JsonValue value) {
        return switch (value) {
            case JsonValue.Text text -> text.text();
            case JsonValue.Sequence sequence ->
                    sequence.elements().stream()
                            .map(AuditText::plain)
                            .collect(Collectors.joining(" "));
            case JsonObject _,
                    JsonValue.Whole _,
                    JsonValue.Real _,
                    JsonValue.Truth _,
                    JsonValue.Nothing _ ->
                    value.toString();
        };
    }
}

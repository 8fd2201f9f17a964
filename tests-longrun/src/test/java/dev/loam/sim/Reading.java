package dev.loam.sim;

import dev.loam.Loam;
import dev.loam.Memory;
import dev.loam.Vault;
import dev.loam.core.FieldName;
import dev.loam.core.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** How a device is asked what it remembers; a fault can be planted in front of it. */
interface Reading {
    /**
     * What a device shows under a key.
     *
     * @param siblings by field, the one that reads return first
     * @param totals the logs in the order in which reads return their entries
     */
    record Shown(
            SortedMap<String, List<String>> siblings,
            SortedSet<String> tags,
            Content.Totals totals) {
        Content content() {
            TreeMap<String, SortedSet<String>> sets = new TreeMap<>();
            siblings.forEach((field, values) -> sets.put(field, new TreeSet<>(values)));
            TreeMap<String, List<String>> logs = new TreeMap<>();
            totals.logs().forEach((log, lines) -> logs.put(log, lines.stream().sorted().toList()));
            return new Content(
                    sets,
                    new TreeSet<>(tags),
                    new Content.Totals(totals.counters(), logs, totals.maxima(), totals.minima()));
        }
    }

    Optional<Shown> read(Device device, String key);

    /** As the store answers. */
    Reading HONEST = (device, key) -> shown(device.store().loam(), key);

    private static Optional<Shown> shown(Loam loam, String key) {
        Vault vault = loam.vault(World.VAULT);
        Optional<Memory> memory = vault.get(key);
        if (memory.isEmpty()) {
            return Optional.empty();
        }
        TreeMap<String, List<String>> siblings = new TreeMap<>();
        for (String field : Wishes.FIELDS) {
            List<String> values = new ArrayList<>();
            for (Value value : vault.siblings(key, field)) {
                values.add(((Value.Text) value).text());
            }
            Optional<String> first =
                    field.equals(Wishes.TEXT)
                            ? Optional.of(memory.get().text())
                            : memory.get().field(field).map(value -> ((Value.Text) value).text());
            Violation.unless(
                    first.equals(values.stream().findFirst()),
                    "%s of %s reads as %s, its siblings are %s",
                    field,
                    key,
                    first,
                    values);
            if (!values.isEmpty()) {
                siblings.put(field, values);
            }
        }
        return Optional.of(new Shown(siblings, memory.get().tags(), totals(memory.get())));
    }

    private static Content.Totals totals(Memory memory) {
        TreeMap<String, Long> counters = new TreeMap<>();
        memory.counters().forEach((name, total) -> counters.put(name.name(), total));
        TreeMap<String, List<String>> logs = new TreeMap<>();
        memory.logs()
                .forEach(
                        (name, entries) ->
                                logs.put(
                                        name.name(), entries.stream().map(Reading::text).toList()));
        return new Content.Totals(
                counters, logs, numbers(memory.maxima()), numbers(memory.minima()));
    }

    private static TreeMap<String, Long> numbers(SortedMap<FieldName, Value> values) {
        TreeMap<String, Long> numbers = new TreeMap<>();
        values.forEach((name, value) -> numbers.put(name.name(), ((Value.Whole) value).number()));
        return numbers;
    }

    private static String text(Value value) {
        return ((Value.Text) value).text();
    }
}

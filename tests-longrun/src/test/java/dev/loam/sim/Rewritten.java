package dev.loam.sim;

import dev.loam.core.FieldName;
import dev.loam.core.Lifetime;
import dev.loam.core.Operation;
import dev.loam.core.Part;
import dev.loam.core.Value;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a device did to one memory of its own accord, as the operations in its log say. */
final class Rewritten {
    private final TreeMap<String, String> text = new TreeMap<>();
    private final TreeSet<String> added = new TreeSet<>();
    private final TreeSet<String> removed = new TreeSet<>();
    private final TreeMap<String, Amounts.Count> counters = new TreeMap<>();
    private final TreeMap<String, Amounts.Line> logs = new TreeMap<>();
    private final TreeMap<String, Long> maxima = new TreeMap<>();
    private final TreeMap<String, Long> minima = new TreeMap<>();
    private Change.Kind kind = Change.Kind.UPDATE;

    private Rewritten() {}

    static Change of(Part part) {
        Rewritten rewritten = new Rewritten();
        part.operations().forEach(rewritten::take);
        return new Change(
                part.key(),
                rewritten.kind,
                rewritten.text,
                new Change.Tags(rewritten.added, rewritten.removed),
                new Amounts(
                        rewritten.counters, rewritten.logs, rewritten.maxima, rewritten.minima));
    }

    private void take(Operation operation) {
        switch (operation) {
            case Operation.Set(FieldName field, Value value, var _, Lifetime lifetime) -> {
                if (Wishes.FIELDS.contains(field.name())) {
                    text.put(field.name(), text(value));
                }
                begin(lifetime);
            }
            case Operation.AddElement(var _, Value tag, var _, Lifetime lifetime) -> {
                added.add(text(tag));
                begin(lifetime);
            }
            case Operation.Increment(FieldName name, long amount, Lifetime lifetime) -> {
                counters.put(name.name(), new Amounts.Count.Add(amount));
                begin(lifetime);
            }
            case Operation.Append(FieldName name, Value entry, Lifetime lifetime) -> {
                logs.put(name.name(), new Amounts.Line.Append(text(entry)));
                begin(lifetime);
            }
            case Operation.RemoveElement(var _, Value tag, var _) -> removed.add(text(tag));
            case Operation.Reset(FieldName name) ->
                    counters.put(name.name(), new Amounts.Count.Reset());
            case Operation.Max(FieldName name, Value value, var _) ->
                    maxima.put(name.name(), number(value));
            case Operation.Min(FieldName name, Value value, var _) ->
                    minima.put(name.name(), number(value));
            case Operation.Delete() -> kind = Change.Kind.DELETE;
            case Operation.Remove() -> kind = Change.Kind.REMOVE;
            case Operation.Purge() -> kind = Change.Kind.FORGET;
            default -> throw new Violation("nobody wished for " + operation);
        }
    }

    private void begin(Lifetime lifetime) {
        if (lifetime == Lifetime.FRESH) {
            kind = Change.Kind.PUT;
        }
    }

    static String text(Value value) {
        return value instanceof Value.Text(String text) ? text : value.toString();
    }

    private static long number(Value value) {
        return ((Value.Whole) value).number();
    }
}

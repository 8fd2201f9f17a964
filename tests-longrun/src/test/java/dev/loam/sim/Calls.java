package dev.loam.sim;

import dev.loam.ForgetReceipt;
import dev.loam.Memory;
import dev.loam.Receipt;
import dev.loam.Update;
import dev.loam.Vault;
import dev.loam.WriteBatch;
import dev.loam.core.Value;
import java.util.Map;

/** Writes, as a caller of the library makes them. */
final class Calls {
    private Calls() {}

    static Receipt carryOut(Write write, Vault vault) {
        return write.changes().size() == 1
                ? carryOut(write.changes().getFirst(), vault)
                : vault.write(batch -> write.changes().forEach(each -> add(each, batch)))
                        .getFirst();
    }

    private static Receipt carryOut(Change change, Vault vault) {
        return switch (change.kind()) {
            case PUT -> vault.put(memory(change));
            case UPDATE -> vault.update(change.key(), update(change));
            case DELETE -> vault.delete(change.key());
            case REMOVE -> vault.remove(change.key());
            case FORGET -> throw notOneOfOthers();
        };
    }

    private static void add(Change change, WriteBatch batch) {
        switch (change.kind()) {
            case PUT -> batch.put(memory(change));
            case UPDATE -> batch.update(change.key(), update(change));
            case DELETE -> batch.delete(change.key());
            case REMOVE -> batch.remove(change.key());
            case FORGET -> throw notOneOfOthers();
        }
    }

    /** A write that forgets does nothing else. */
    static ForgetReceipt forget(Write write, Vault vault) {
        return vault.forget(write.changes().stream().map(Change::key).toList());
    }

    private static AssertionError notOneOfOthers() {
        return new AssertionError("a write that forgets something does nothing else");
    }

    private static Memory memory(Change change) {
        Memory memory = Memory.of(change.text().getOrDefault(Wishes.TEXT, "")).key(change.key());
        for (var field : change.text().entrySet()) {
            if (!field.getKey().equals(Wishes.TEXT)) {
                memory = memory.field(field.getKey(), field.getValue());
            }
        }
        for (String tag : change.tags().added()) {
            memory = memory.tag(tag);
        }
        for (var each : change.amounts().counters().entrySet()) {
            if (each.getValue() instanceof Amounts.Count.Add(long amount)) {
                memory = memory.counter(each.getKey(), amount);
            }
        }
        for (var each : change.amounts().logs().entrySet()) {
            if (each.getValue() instanceof Amounts.Line.Append(String entry)) {
                memory = memory.entry(each.getKey(), new Value.Text(entry));
            }
        }
        for (var each : change.amounts().maxima().entrySet()) {
            memory = memory.max(each.getKey(), new Value.Whole(each.getValue()));
        }
        for (var each : change.amounts().minima().entrySet()) {
            memory = memory.min(each.getKey(), new Value.Whole(each.getValue()));
        }
        return memory;
    }

    private static Update update(Change change) {
        Update update = Update.none();
        for (var field : change.text().entrySet()) {
            update =
                    field.getKey().equals(Wishes.TEXT)
                            ? update.text(field.getValue())
                            : update.set(field.getKey(), field.getValue());
        }
        for (String tag : change.tags().added()) {
            update = update.tag(tag);
        }
        for (String tag : change.tags().removed()) {
            update = update.untag(tag);
        }
        return update(update, change.amounts());
    }

    private static Update update(Update others, Amounts amounts) {
        Update update = others;
        for (var each : amounts.counters().entrySet()) {
            update =
                    switch (each.getValue()) {
                        case Amounts.Count.Add(long amount) ->
                                update.increment(each.getKey(), amount);
                        case Amounts.Count.Reset() -> update.reset(each.getKey());
                    };
        }
        for (var each : amounts.logs().entrySet()) {
            update =
                    switch (each.getValue()) {
                        case Amounts.Line.Append(String entry) ->
                                update.append(each.getKey(), entry);
                        case Amounts.Line.Truncate(int kept, var _) ->
                                update.truncate(each.getKey(), kept);
                    };
        }
        for (Map.Entry<String, Long> each : amounts.maxima().entrySet()) {
            update = update.max(each.getKey(), new Value.Whole(each.getValue()));
        }
        for (Map.Entry<String, Long> each : amounts.minima().entrySet()) {
            update = update.min(each.getKey(), new Value.Whole(each.getValue()));
        }
        return update;
    }
}

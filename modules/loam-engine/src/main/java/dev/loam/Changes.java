package dev.loam;

import dev.loam.core.DeviceId;
import dev.loam.core.Embedding;
import dev.loam.core.FieldName;
import dev.loam.core.LogRow;
import dev.loam.core.Operation;
import dev.loam.core.RecordState;
import dev.loam.core.Value;
import dev.loam.core.VaultState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Tells the past of a record as changes: what reads returned before and after each batch, and what
 * a batch wrote that reads did not return. For one record.
 */
final class Changes {
    private final VaultState vault;
    private final List<Change> changes = new ArrayList<>();
    private boolean everDeleted;

    private Changes(VaultState vault) {
        this.vault = vault;
    }

    /**
     * @param vault of the record, for who its actors are
     */
    static List<Change> of(RecordPast past, VaultState vault) {
        Changes told = new Changes(vault);
        RecordState before = past.start();
        for (RecordPast.Step step : past.steps()) {
            RecordState after = step.applyTo(before);
            told.tell(step, before, after);
            before = after;
        }
        return told.changes;
    }

    private void tell(RecordPast.Step step, RecordState before, RecordState after) {
        if (before.isAlive() && !after.isAlive()) {
            everDeleted = true;
            add(step, Change.Kind.DELETED, "", Optional.empty(), Optional.empty());
            return;
        }
        if (!before.isAlive() && after.isAlive() && everDeleted) {
            add(step, Change.Kind.RESTORED, "", Optional.empty(), Optional.empty());
        }
        TreeSet<FieldName> sets = new TreeSet<>();
        TreeSet<FieldName> beside = new TreeSet<>();
        for (Operation operation : step.operations()) {
            switch (operation) {
                case Operation.AddElement add -> sets.add(add.field());
                case Operation.RemoveElement remove -> sets.add(remove.field());
                case Operation.Set set -> {
                    if (tellIfBeside(step, set, before, after)) {
                        beside.add(set.field());
                    }
                }
                case Operation.Max _,
                        Operation.Min _,
                        Operation.Increment _,
                        Operation.Reset _,
                        Operation.Append _,
                        Operation.Truncate _,
                        Operation.Embed _,
                        Operation.Delete _,
                        Operation.Removal _,
                        Operation.Unknown _,
                        Operation.Control _ -> {}
            }
        }
        tellFields(step, before.values(), after, beside);
        // A put takes away tags that it does not name.
        sets.add(FieldName.TAGS);
        sets.forEach(set -> tellElements(step, set, before.elements(set), after.elements(set)));
        tellAggregates(step, before, after);
        tellVectors(step, before.embeddings(), after.embeddings());
    }

    private void tellFields(
            RecordPast.Step step,
            SortedMap<FieldName, Value> before,
            RecordState after,
            Set<FieldName> told) {
        SortedMap<FieldName, Value> now = after.values();
        TreeMap<FieldName, Value> either = new TreeMap<>(before);
        either.putAll(now);
        either.keySet().removeAll(told);
        either.keySet()
                .forEach(
                        name ->
                                tellValue(
                                        step,
                                        name,
                                        Optional.ofNullable(before.get(name)),
                                        Optional.ofNullable(now.get(name))));
    }

    private void tellValues(
            RecordPast.Step step,
            SortedMap<FieldName, Value> before,
            SortedMap<FieldName, Value> after) {
        TreeSet<FieldName> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        names.forEach(
                name ->
                        tellValue(
                                step,
                                name,
                                Optional.ofNullable(before.get(name)),
                                Optional.ofNullable(after.get(name))));
    }

    private void tellValue(
            RecordPast.Step step, FieldName name, Optional<Value> from, Optional<Value> to) {
        if (!from.equals(to)) {
            add(step, Change.Kind.SET, name.name(), from, to);
        }
    }

    /** What reads return of counters and extremes, and the entries of logs. */
    private void tellAggregates(RecordPast.Step step, RecordState before, RecordState after) {
        tellValues(step, totals(before), totals(after));
        tellValues(step, before.maxima(), after.maxima());
        tellValues(step, before.minima(), after.minima());
        TreeSet<FieldName> logs = new TreeSet<>(before.logs().keySet());
        logs.addAll(after.logs().keySet());
        for (FieldName log : logs) {
            List<LogRow> from = before.logs().getOrDefault(log, List.of());
            List<LogRow> to = after.logs().getOrDefault(log, List.of());
            tellElements(step, log, valuesBeside(from, to), List.of());
            tellElements(step, log, List.of(), valuesBeside(to, from));
        }
    }

    /** Each entry is told by itself, though another has the same value. */
    private static List<Value> valuesBeside(List<LogRow> rows, List<LogRow> others) {
        Set<LogRow> known = new HashSet<>(others);
        return rows.stream().filter(row -> !known.contains(row)).map(LogRow::value).toList();
    }

    private static SortedMap<FieldName, Value> totals(RecordState state) {
        TreeMap<FieldName, Value> totals = new TreeMap<>();
        state.counters().forEach((name, total) -> totals.put(name, new Value.Whole(total)));
        return totals;
    }

    /** Whether the value before outlived the write, whose author had not seen it. */
    private boolean tellIfBeside(
            RecordPast.Step step, Operation.Set set, RecordState before, RecordState after) {
        Optional<Value> from = before.value(set.field());
        List<Value> now = after.siblings(set.field());
        boolean isBeside =
                from.filter(value -> !value.equals(set.value())).filter(now::contains).isPresent()
                        && now.contains(set.value());
        if (isBeside) {
            add(step, Change.Kind.SET_BESIDE, set.field().name(), from, Optional.of(set.value()));
        }
        return isBeside;
    }

    private void tellElements(
            RecordPast.Step step, FieldName set, List<Value> before, List<Value> after) {
        for (Value element : before) {
            if (!after.contains(element)) {
                add(step, Change.Kind.REMOVED, set.name(), Optional.of(element), Optional.empty());
            }
        }
        for (Value element : after) {
            if (!before.contains(element)) {
                add(step, Change.Kind.ADDED, set.name(), Optional.empty(), Optional.of(element));
            }
        }
    }

    private void tellVectors(
            RecordPast.Step step, Map<String, Embedding> before, Map<String, Embedding> after) {
        after.forEach(
                (model, embedding) -> {
                    if (!embedding.equals(before.get(model))) {
                        add(step, Change.Kind.VECTOR, model, Optional.empty(), Optional.empty());
                    }
                });
    }

    private void add(
            RecordPast.Step step,
            Change.Kind kind,
            String name,
            Optional<Value> from,
            Optional<Value> to) {
        Optional<DeviceId> device =
                vault.actor(step.batch().actor()).map(author -> author.device());
        changes.add(
                new Change(
                        Instant.ofEpochMilli(step.stamp().millis()),
                        device,
                        step.batch(),
                        kind,
                        name,
                        from,
                        to));
    }
}

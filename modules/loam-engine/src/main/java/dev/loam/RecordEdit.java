package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.Dot;
import dev.loam.core.Embedding;
import dev.loam.core.ErrorCode;
import dev.loam.core.FieldName;
import dev.loam.core.Lifetime;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import dev.loam.core.LogKey;
import dev.loam.core.LogRow;
import dev.loam.core.Operation;
import dev.loam.core.Origin;
import dev.loam.core.RecordState;
import dev.loam.core.Stamp;
import dev.loam.core.Value;
import dev.loam.core.VersionVector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Turns what a caller wants of one record into operations. Each operation names what it overwrites
 * in the state that the operations before it have made, so the edit applies each as it goes.
 */
final class RecordEdit {
    private final DotSequence dots;
    private final Stamp stamp;
    private final VersionVector context;
    private final List<Operation> operations = new ArrayList<>();
    private RecordState state;

    RecordEdit(RecordState state, DotSequence dots, Stamp stamp, VersionVector context) {
        this.state = state;
        this.dots = dots;
        this.stamp = stamp;
        this.context = context;
    }

    /** Replaces the record: the first operation takes away every value that was seen. */
    void put(Memory memory, Instant time) {
        set(FieldName.TEXT, new Value.Text(memory.text()), Lifetime.FRESH);
        set(FieldName.TIME, new Value.Moment(time.toEpochMilli()), Lifetime.CURRENT);
        memory.fields().forEach((field, value) -> set(field, value, Lifetime.CURRENT));
        putRest(memory, MemoryLayout.textHash(memory.text()), this::append);
    }

    /** All but text, time and fields. */
    private void putRest(Memory memory, Bytes textHash, BiConsumer<FieldName, Value> appending) {
        memory.tags().forEach(this::tag);
        memory.counters().forEach(this::increment);
        memory.logs()
                .forEach((log, entries) -> entries.forEach(entry -> appending.accept(log, entry)));
        memory.maxima().forEach(this::max);
        memory.minima().forEach(this::min);
        for (Map.Entry<String, Memory.Vector> vector : memory.vectors().entrySet()) {
            embed(vector.getKey(), new Embedding(textHash, vector.getValue().littleEndian()));
        }
    }

    /**
     * One part of a memory, the first of which replaces the record. What a merge made is taken as
     * it is: no limit on one write binds it.
     */
    void restore(StoredMemory memory, int index, Instant time) {
        Memory first = memory.parts().getFirst();
        Memory part = memory.parts().get(index);
        if (index == 0) {
            Value text = new Value.Text(first.text());
            setBeside(FieldName.TEXT, memory.values(FieldName.TEXT, text), Lifetime.FRESH);
            Value moment = new Value.Moment(time.toEpochMilli());
            setBeside(FieldName.TIME, memory.values(FieldName.TIME, moment), Lifetime.CURRENT);
        }
        part.fields()
                .forEach(
                        (field, value) ->
                                setBeside(field, memory.values(field, value), Lifetime.CURRENT));
        putRest(
                part,
                MemoryLayout.textHash(first.text()),
                (log, entry) -> perform(new Operation.Append(log, entry, Lifetime.CURRENT)));
    }

    /** None of the values overwrites another. The last one written is the one that reads return. */
    private void setBeside(FieldName field, List<Value> winnerFirst, Lifetime first) {
        List<Dot> seen = state.dots(field);
        Lifetime lifetime = first;
        for (Value value : winnerFirst.reversed()) {
            perform(new Operation.Set(field, value, seen, lifetime));
            lifetime = Lifetime.CURRENT;
        }
    }

    void update(Update update) {
        update.fields().forEach((field, value) -> set(field, value, Lifetime.CURRENT));
        update.removed().forEach(this::untag);
        update.added().forEach(this::tag);
        update.changes().forEach(this::change);
        Limits.check("number of fields", fieldCount(), Limits.FIELDS_MAX + 2);
        Limits.check("number of tags", state.elements(FieldName.TAGS).size(), Limits.TAGS_MAX);
    }

    private int fieldCount() {
        return state.values().size()
                + state.counters().size()
                + state.logs().size()
                + state.maxima().size()
                + state.minima().size();
    }

    private void change(FieldChange change) {
        switch (change) {
            case FieldChange.Increment(FieldName counter, long amount) ->
                    increment(counter, amount);
            case FieldChange.Reset(FieldName counter) -> {
                if (state.counters().containsKey(counter)) {
                    perform(new Operation.Reset(counter));
                }
            }
            case FieldChange.Append(FieldName log, Value entry) -> append(log, entry);
            case FieldChange.Truncate(FieldName log, int kept) -> truncate(log, kept);
            case FieldChange.Max(FieldName maximum, Value value) -> max(maximum, value);
            case FieldChange.Min(FieldName minimum, Value value) -> min(minimum, value);
        }
    }

    private void increment(FieldName counter, long amount) {
        long total = state.counters().getOrDefault(counter, 0L);
        long sum = total + amount;
        // Both operands have the other sign than the sum: it has left the range.
        if (((total ^ sum) & (amount ^ sum)) < 0) {
            throw new LoamException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "the counter \""
                            + counter.name()
                            + "\" would leave the range of 64 bits; nothing was written");
        }
        perform(new Operation.Increment(counter, amount, Lifetime.CURRENT));
    }

    private void append(FieldName log, Value entry) {
        perform(new Operation.Append(log, entry, Lifetime.CURRENT));
        Limits.check(
                "number of entries of a log",
                state.logs().getOrDefault(log, List.of()).size(),
                Limits.LOG_ENTRIES_MAX);
    }

    private void truncate(FieldName log, int kept) {
        List<LogRow> rows = state.logs().getOrDefault(log, List.of());
        if (rows.size() > kept) {
            LogKey oldestKept =
                    kept == 0 ? rows.getLast().key().next() : rows.get(rows.size() - kept).key();
            perform(new Operation.Truncate(log, oldestKept));
        }
    }

    private void max(FieldName maximum, Value value) {
        Value known = state.maxima().get(maximum);
        if (known == null || Value.ORDER.compare(known, value) < 0) {
            perform(new Operation.Max(maximum, value, state.maximumDots(maximum)));
        }
    }

    private void min(FieldName minimum, Value value) {
        Value known = state.minima().get(minimum);
        if (known == null || Value.ORDER.compare(known, value) > 0) {
            perform(new Operation.Min(minimum, value, state.minimumDots(minimum)));
        }
    }

    boolean isAlive() {
        return state.isAlive();
    }

    /** Whether nothing is known of the record, not even that it was deleted. */
    boolean isUnknown() {
        return state.isEmpty();
    }

    void remove() {
        perform(new Operation.Remove());
    }

    void purge() {
        perform(new Operation.Purge());
    }

    void delete() {
        perform(new Operation.Delete());
    }

    void embed(String model, Embedding embedding) {
        perform(new Operation.Embed(model, embedding, state.embeddingDots(model)));
    }

    /** The record with all of it applied. */
    RecordState state() {
        return state;
    }

    List<Operation> operations() {
        return List.copyOf(operations);
    }

    private void set(FieldName field, Value value, Lifetime lifetime) {
        perform(new Operation.Set(field, value, state.dots(field), lifetime));
    }

    private void tag(String tag) {
        Value element = new Value.Text(tag);
        perform(
                new Operation.AddElement(
                        FieldName.TAGS,
                        element,
                        state.dots(FieldName.TAGS, element),
                        Lifetime.CURRENT));
    }

    private void untag(String tag) {
        Value element = new Value.Text(tag);
        perform(
                new Operation.RemoveElement(
                        FieldName.TAGS, element, state.dots(FieldName.TAGS, element)));
    }

    private void perform(Operation operation) {
        state = state.apply(new Origin(dots.next(), stamp, context), operation);
        operations.add(operation);
    }
}

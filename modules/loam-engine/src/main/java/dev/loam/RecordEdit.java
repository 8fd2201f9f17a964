package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.Embedding;
import dev.loam.core.FieldName;
import dev.loam.core.Lifetime;
import dev.loam.core.Limits;
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
        memory.tags().forEach(this::tag);
        Bytes textHash = MemoryLayout.textHash(memory.text());
        for (Map.Entry<String, Memory.Vector> vector : memory.vectors().entrySet()) {
            embed(vector.getKey(), new Embedding(textHash, vector.getValue().littleEndian()));
        }
    }

    void update(Update update) {
        update.fields().forEach((field, value) -> set(field, value, Lifetime.CURRENT));
        update.removed().forEach(this::untag);
        update.added().forEach(this::tag);
        Limits.check("number of fields", state.values().size(), Limits.FIELDS_MAX + 2);
        Limits.check("number of tags", state.elements(FieldName.TAGS).size(), Limits.TAGS_MAX);
    }

    void delete() {
        perform(new Operation.Delete());
    }

    void embed(String model, Embedding embedding) {
        perform(new Operation.Embed(model, embedding, state.embeddingDots(model)));
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

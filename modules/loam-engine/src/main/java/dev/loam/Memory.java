package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.FieldName;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import dev.loam.core.RecordState;
import dev.loam.core.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Something remembered: what is handed to {@link Vault#put} and what reads return. Immutable; each
 * method gives a changed copy and refuses with {@code LIMIT_EXCEEDED} or {@code INVALID_ARGUMENT}
 * what no store would take.
 */
public final class Memory {
    private final String key;
    private final String text;
    private final Optional<Instant> time;
    private final SortedMap<FieldName, Value> fields;
    private final SortedSet<String> tags;
    private final SortedMap<String, Vector> vectors;
    private final Aggregates aggregates;

    private Memory(
            String key,
            String text,
            Optional<Instant> time,
            SortedMap<FieldName, Value> fields,
            SortedSet<String> tags,
            SortedMap<String, Vector> vectors,
            Aggregates aggregates) {
        this.aggregates = aggregates;
        this.key = key;
        this.text = text;
        this.time = time;
        this.fields = Collections.unmodifiableSortedMap(fields);
        this.tags = Collections.unmodifiableSortedSet(tags);
        this.vectors = Collections.unmodifiableSortedMap(vectors);
    }

    /** A memory of {@code text}, at most 1 MiB of UTF-8; empty text is allowed. */
    public static Memory of(String text) {
        return new Memory(
                "",
                new Value.Text(text).text(),
                Optional.empty(),
                new TreeMap<>(),
                new TreeSet<>(),
                new TreeMap<>(),
                Aggregates.NONE);
    }

    /** Under which it is kept; without one {@link Vault#put} makes a key that sorts by time. */
    public Memory key(String chosen) {
        Limits.checkKey(chosen);
        return new Memory(chosen, text, time, fields, tags, vectors, aggregates);
    }

    /** When it happened, kept to the millisecond; without one {@link Vault#put} takes its now. */
    public Memory at(Instant moment) {
        return new Memory(
                key,
                text,
                Optional.of(Instant.ofEpochMilli(moment.toEpochMilli())),
                fields,
                tags,
                vectors,
                aggregates);
    }

    public Memory field(String name, String value) {
        return field(name, new Value.Text(value));
    }

    public Memory field(String name, long value) {
        return field(name, new Value.Whole(value));
    }

    public Memory field(String name, double value) {
        return field(name, new Value.Real(value));
    }

    public Memory field(String name, boolean value) {
        return field(name, new Value.Truth(value));
    }

    /**
     * Sets a field. Two names mean something to recall: {@code session} (text) is the scope in
     * which neighbouring turns lend each other context, and {@code turn} (a whole number) orders
     * them before their keys do.
     */
    public Memory field(String name, Value value) {
        FieldName field = userField(name);
        TreeMap<FieldName, Value> more = new TreeMap<>(fields);
        more.put(field, value);
        Limits.check("number of fields", more.size(), Limits.FIELDS_MAX);
        return new Memory(key, text, time, more, tags, vectors, aggregates);
    }

    public Memory tag(String tag) {
        Limits.checkName("tag", tag, Limits.TAG_BYTES_MAX);
        TreeSet<String> more = new TreeSet<>(tags);
        more.add(tag);
        Limits.check("number of tags", more.size(), Limits.TAGS_MAX);
        return new Memory(key, text, time, fields, more, vectors, aggregates);
    }

    /**
     * Adds the caller's own vector.
     *
     * @param model names what made it; vectors of different models never meet in one ranking
     * @param floats 1 to 4,096 finite numbers, not all zero; returned as given
     */
    public Memory vector(String model, float... floats) {
        TreeMap<String, Vector> more = new TreeMap<>(vectors);
        more.put(Vector.checkModel(model), Vector.of(floats));
        return new Memory(key, text, time, fields, tags, more, aggregates);
    }

    /** A counter that begins at {@code total}. */
    public Memory counter(String name, long total) {
        return with(aggregates.withCounter(userField(name), total));
    }

    /** A log with an entry more, behind those it has. */
    public Memory entry(String log, Value entry) {
        FieldName name = userField(log);
        List<Value> more = new ArrayList<>(aggregates.logs().getOrDefault(name, List.of()));
        more.add(entry);
        Limits.check("number of entries of a log", more.size(), Limits.LOG_ENTRIES_MAX);
        return with(aggregates.withLog(name, more));
    }

    /** A maximum that begins at {@code value}. */
    public Memory max(String name, Value value) {
        return with(aggregates.withMax(userField(name), value));
    }

    /** A minimum that begins at {@code value}. */
    public Memory min(String name, Value value) {
        return with(aggregates.withMin(userField(name), value));
    }

    private Memory with(Aggregates changed) {
        Limits.check("number of fields", changed.fieldCount(), Limits.FIELDS_MAX);
        return new Memory(key, text, time, fields, tags, vectors, changed);
    }

    /** As it was stored: a merge of several devices' changes may pass the limits on one write's. */
    static Memory stored(String key, RecordState state) {
        return new Memory(
                key,
                MemoryLayout.text(state),
                Optional.of(Instant.ofEpochMilli(MemoryLayout.timeMillis(state))),
                MemoryLayout.userFields(state),
                MemoryLayout.tags(state),
                MemoryLayout.vectors(state),
                Aggregates.of(state));
    }

    static FieldName userField(String name) {
        FieldName field = new FieldName(name);
        if (field.equals(FieldName.TEXT)
                || field.equals(FieldName.TIME)
                || field.equals(FieldName.TAGS)) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the field name \"" + name + "\" is Loam's own; use the method of that name");
        }
        return field;
    }

    /** Empty until chosen or stored. */
    public String key() {
        return key;
    }

    public String text() {
        return text;
    }

    /** Always present on a memory that was read. */
    public Optional<Instant> time() {
        return time;
    }

    public Optional<Value> field(String name) {
        return Optional.ofNullable(fields.get(new FieldName(name)));
    }

    /** The fields in the order of their names' bytes. */
    public SortedMap<FieldName, Value> fields() {
        return fields;
    }

    public SortedSet<String> tags() {
        return tags;
    }

    /** The totals of the counters, by name. */
    public SortedMap<FieldName, Long> counters() {
        return aggregates.counters();
    }

    /** The logs by name; entries in their order, which is the same on every device. */
    public SortedMap<FieldName, List<Value>> logs() {
        return aggregates.logs();
    }

    /** The maxima by name. */
    public SortedMap<FieldName, Value> maxima() {
        return aggregates.maxima();
    }

    /** The minima by name. */
    public SortedMap<FieldName, Value> minima() {
        return aggregates.minima();
    }

    /** The vectors by model, computed ones among them. */
    public SortedMap<String, Vector> vectors() {
        return vectors;
    }

    /** Floats as they were given. */
    public record Vector(Bytes littleEndian) {
        static Vector of(float[] floats) {
            Limits.check("vector dimensions", floats.length, Limits.VECTOR_DIMENSIONS_MAX);
            double norm = 0;
            for (float value : floats) {
                if (!Float.isFinite(value)) {
                    throw new LoamException(
                            ErrorCode.INVALID_ARGUMENT,
                            "a vector holds a number that is not finite; nothing was written");
                }
                norm += (double) value * value;
            }
            if (norm == 0) {
                throw new LoamException(
                        ErrorCode.INVALID_ARGUMENT,
                        "a vector is empty or all zero; nothing was written");
            }
            java.nio.ByteBuffer buffer =
                    java.nio.ByteBuffer.allocate(4 * floats.length)
                            .order(java.nio.ByteOrder.LITTLE_ENDIAN);
            for (float value : floats) {
                buffer.putFloat(value);
            }
            return new Vector(Bytes.adopt(buffer.array()));
        }

        static String checkModel(String model) {
            if (!model.matches("[A-Za-z0-9._/-]{1,128}")) {
                throw new LoamException(
                        ErrorCode.INVALID_ARGUMENT,
                        "a model's name is 1 to 128 of A-Z a-z 0-9 . _ - /");
            }
            return model;
        }

        /** A peer may send what our own door refuses: it is kept, and never ranked. */
        boolean isSearchable() {
            double norm = 0;
            for (float value : toFloats()) {
                if (!Float.isFinite(value)) {
                    return false;
                }
                norm += (double) value * value;
            }
            return norm > 0;
        }

        public int dimension() {
            return littleEndian.size() / 4;
        }

        public float[] toFloats() {
            float[] floats = new float[dimension()];
            littleEndian
                    .asBuffer()
                    .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(floats);
            return floats;
        }
    }
}

package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.FieldName;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import dev.loam.core.Value;
import java.time.Instant;
import java.util.Collections;
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

    private Memory(
            String key,
            String text,
            Optional<Instant> time,
            SortedMap<FieldName, Value> fields,
            SortedSet<String> tags,
            SortedMap<String, Vector> vectors) {
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
                new TreeMap<>());
    }

    /** Under which it is kept; without one {@link Vault#put} makes a key that sorts by time. */
    public Memory key(String chosen) {
        Limits.checkKey(chosen);
        return new Memory(chosen, text, time, fields, tags, vectors);
    }

    /** When it happened, kept to the millisecond; without one {@link Vault#put} takes its now. */
    public Memory at(Instant moment) {
        return new Memory(
                key,
                text,
                Optional.of(Instant.ofEpochMilli(moment.toEpochMilli())),
                fields,
                tags,
                vectors);
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
        return new Memory(key, text, time, more, tags, vectors);
    }

    public Memory tag(String tag) {
        Limits.checkName("tag", tag, Limits.TAG_BYTES_MAX);
        TreeSet<String> more = new TreeSet<>(tags);
        more.add(tag);
        Limits.check("number of tags", more.size(), Limits.TAGS_MAX);
        return new Memory(key, text, time, fields, more, vectors);
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
        return new Memory(key, text, time, fields, tags, more);
    }

    /** As it was stored: a merge of several devices' tags may pass the limit on one write's. */
    Memory withRead(SortedSet<String> storedTags, SortedMap<String, Vector> storedVectors) {
        return new Memory(key, text, time, fields, storedTags, storedVectors);
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

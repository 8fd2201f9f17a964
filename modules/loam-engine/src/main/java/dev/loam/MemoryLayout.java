package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.Embedding;
import dev.loam.core.FieldName;
import dev.loam.core.RecordId;
import dev.loam.core.RecordState;
import dev.loam.core.Value;
import dev.loam.index.Projection;
import dev.loam.index.Projector;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** How a memory lies in a record: which field is what, and what of it the index is shown. */
final class MemoryLayout implements Projector {
    private final SortedSet<String> wanted;

    /**
     * @param wanted the models by which the index lists the texts that lack a vector
     */
    MemoryLayout(SortedSet<String> wanted) {
        this.wanted = Collections.unmodifiableSortedSet(new TreeSet<>(wanted));
    }

    SortedSet<String> wanted() {
        return wanted;
    }

    /** The memory that reads return; the record must be alive. */
    static Memory read(String key, RecordState state) {
        return Memory.stored(key, state);
    }

    static String text(RecordState state) {
        return state.value(FieldName.TEXT).orElse(null) instanceof Value.Text(String text)
                ? text
                : "";
    }

    static long timeMillis(RecordState state) {
        return state.value(FieldName.TIME).orElse(null) instanceof Value.Moment(long millis)
                ? millis
                : 0;
    }

    static SortedSet<String> tags(RecordState state) {
        TreeSet<String> tags = new TreeSet<>();
        for (Value element : state.elements(FieldName.TAGS)) {
            if (element instanceof Value.Text(String tag)) {
                tags.add(tag);
            }
        }
        return tags;
    }

    /** The winning vectors that were made from the text as it is now. */
    static SortedMap<String, Memory.Vector> vectors(RecordState state) {
        TreeMap<String, Memory.Vector> fresh = new TreeMap<>();
        SortedMap<String, Embedding> embeddings = state.embeddings();
        if (!embeddings.isEmpty()) {
            Bytes hash = textHash(text(state));
            embeddings.forEach(
                    (model, embedding) -> {
                        if (embedding.textHash().equals(hash)) {
                            fresh.put(model, new Memory.Vector(embedding.vector()));
                        }
                    });
        }
        return fresh;
    }

    static Bytes textHash(String text) {
        try {
            return Bytes.adopt(
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException absent) {
            throw new AssertionError("every JDK has SHA-256", absent);
        }
    }

    /** A value as one term: equal values, and no others, give equal terms. */
    static String keyword(Value value) {
        return switch (value) {
            case Value.Text(String text) -> "t" + text;
            case Value.Whole(long number) -> "w" + number;
            case Value.Real(double number) -> "r" + Double.toHexString(number);
            case Value.Truth(boolean holds) -> "b" + holds;
            case Value.Moment(long millis) -> "m" + millis;
            case Value.Binary(Bytes bytes) -> "x" + bytes.toHex();
        };
    }

    static SortedMap<FieldName, Value> userFields(RecordState state) {
        TreeMap<FieldName, Value> fields = new TreeMap<>(state.values());
        fields.remove(FieldName.TEXT);
        fields.remove(FieldName.TIME);
        return fields;
    }

    @Override
    public Projection project(RecordId id, Bytes encoded) {
        RecordState state = RecordState.reread(encoded);
        if (!state.isAlive()) {
            return Projection.dead();
        }
        TreeMap<String, String> keywords = new TreeMap<>();
        userFields(state).forEach((field, value) -> keywords.put(field.name(), keyword(value)));
        SortedMap<String, Memory.Vector> fresh = vectors(state);
        TreeMap<String, Bytes> vectors = new TreeMap<>();
        fresh.forEach(
                (model, vector) -> {
                    if (vector.isSearchable()) {
                        vectors.put(model, vector.littleEndian());
                    }
                });
        TreeSet<String> unembedded = new TreeSet<>(wanted);
        unembedded.removeAll(fresh.keySet());
        if (text(state).isBlank()) {
            unembedded.clear();
        }
        return new Projection(
                true,
                Optional.of(text(state)),
                session(state),
                turn(state),
                Optional.of(timeMillis(state)),
                tags(state),
                keywords,
                vectors,
                unembedded,
                !state.conflicts().isEmpty());
    }

    private static Optional<String> session(RecordState state) {
        return state.value(FieldName.SESSION).map(MemoryLayout::sessionName);
    }

    /** A session may be named by any value; what is not text is named by its term. */
    private static String sessionName(Value value) {
        return value instanceof Value.Text(String text) ? text : keyword(value);
    }

    private static long turn(RecordState state) {
        return state.value(FieldName.TURN).orElse(null) instanceof Value.Whole(long turn)
                ? turn
                : 0;
    }
}

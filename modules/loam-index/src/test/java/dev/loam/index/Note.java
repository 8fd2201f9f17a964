package dev.loam.index;

import dev.loam.core.Bytes;
import dev.loam.core.RecordId;
import dev.loam.core.VaultId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The records of these tests: their state is a plain encoding of what they are searched by. */
record Note(RecordId id, Projection projection) {
    static final String MODEL = "test-model";
    static final Projector PROJECTOR = (id, state) -> decode(state);

    static VaultId vault(int number) {
        byte[] bytes = new byte[VaultId.SIZE];
        ByteBuffer.wrap(bytes).putInt(VaultId.SIZE - Integer.BYTES, number);
        return new VaultId(Bytes.adopt(bytes));
    }

    static Note of(VaultId vault, String key, String text) {
        return new Note(
                new RecordId(vault, key),
                new Projection(
                        true,
                        Optional.of(text),
                        Optional.empty(),
                        0,
                        Optional.empty(),
                        new TreeSet<>(),
                        new TreeMap<>(),
                        new TreeMap<>(),
                        new TreeSet<>(),
                        false));
    }

    static Note of(String key, String text) {
        return of(vault(1), key, text);
    }

    static Note dead(VaultId vault, String key) {
        return new Note(new RecordId(vault, key), Projection.dead());
    }

    Note in(String session, long turn) {
        return new Note(
                id,
                new Projection(
                        true,
                        projection.text(),
                        Optional.of(session),
                        turn,
                        projection.timeMillis(),
                        projection.tags(),
                        projection.keywords(),
                        projection.vectors(),
                        projection.unembedded(),
                        false));
    }

    Note at(long millis) {
        return new Note(
                id,
                new Projection(
                        true,
                        projection.text(),
                        projection.session(),
                        projection.turn(),
                        Optional.of(millis),
                        projection.tags(),
                        projection.keywords(),
                        projection.vectors(),
                        projection.unembedded(),
                        false));
    }

    Note tag(String tag) {
        TreeSet<String> tags = new TreeSet<>(projection.tags());
        tags.add(tag);
        return with(tags, projection.keywords(), projection.vectors(), projection.unembedded());
    }

    Note keyword(String field, String value) {
        TreeMap<String, String> keywords = new TreeMap<>(projection.keywords());
        keywords.put(field, value);
        return with(projection.tags(), keywords, projection.vectors(), projection.unembedded());
    }

    Note vector(float... values) {
        return vector(MODEL, values);
    }

    Note vector(String model, float... values) {
        ByteBuffer floats =
                ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        floats.asFloatBuffer().put(values);
        TreeMap<String, Bytes> vectors = new TreeMap<>(projection.vectors());
        vectors.put(model, Bytes.adopt(floats.array()));
        return with(projection.tags(), projection.keywords(), vectors, projection.unembedded());
    }

    Note unembedded(String model) {
        TreeSet<String> unembedded = new TreeSet<>(projection.unembedded());
        unembedded.add(model);
        return with(projection.tags(), projection.keywords(), projection.vectors(), unembedded);
    }

    RecordChange change() {
        return RecordChange.next(id, encode());
    }

    StoredRecord stored() {
        return new StoredRecord(id, encode());
    }

    private Note with(
            SortedSet<String> tags,
            SortedMap<String, String> keywords,
            SortedMap<String, Bytes> vectors,
            SortedSet<String> unembedded) {
        return new Note(
                id,
                new Projection(
                        true,
                        projection.text(),
                        projection.session(),
                        projection.turn(),
                        projection.timeMillis(),
                        tags,
                        keywords,
                        vectors,
                        unembedded,
                        false));
    }

    private Bytes encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeBoolean(projection.alive());
            write(out, projection.text());
            write(out, projection.session());
            out.writeLong(projection.turn());
            write(out, projection.timeMillis().map(String::valueOf));
            out.writeInt(projection.tags().size());
            for (String tag : projection.tags()) {
                out.writeUTF(tag);
            }
            out.writeInt(projection.keywords().size());
            for (var keyword : projection.keywords().entrySet()) {
                out.writeUTF(keyword.getKey());
                write(out, Optional.of(keyword.getValue()));
            }
            out.writeInt(projection.vectors().size());
            for (var vector : projection.vectors().entrySet()) {
                out.writeUTF(vector.getKey());
                out.writeInt(vector.getValue().size());
                out.write(vector.getValue().toArray());
            }
            out.writeInt(projection.unembedded().size());
            for (String model : projection.unembedded()) {
                out.writeUTF(model);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Bytes.adopt(bytes.toByteArray());
    }

    private static Projection decode(Bytes state) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(state.toArray()))) {
            boolean alive = in.readBoolean();
            Optional<String> text = read(in);
            Optional<String> session = read(in);
            long turn = in.readLong();
            Optional<Long> millis = read(in).map(Long::valueOf);
            TreeSet<String> tags = new TreeSet<>();
            for (int left = in.readInt(); left > 0; left--) {
                tags.add(in.readUTF());
            }
            TreeMap<String, String> keywords = new TreeMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                keywords.put(in.readUTF(), read(in).orElseThrow());
            }
            TreeMap<String, Bytes> vectors = new TreeMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                vectors.put(in.readUTF(), Bytes.adopt(in.readNBytes(in.readInt())));
            }
            TreeSet<String> unembedded = new TreeSet<>();
            for (int left = in.readInt(); left > 0; left--) {
                unembedded.add(in.readUTF());
            }
            return new Projection(
                    alive, text, session, turn, millis, tags, keywords, vectors, unembedded, false);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static void write(DataOutputStream out, Optional<String> text) throws IOException {
        out.writeBoolean(text.isPresent());
        if (text.isPresent()) {
            byte[] utf8 = Bytes.ofUtf8(text.get()).toArray();
            out.writeInt(utf8.length);
            out.write(utf8);
        }
    }

    private static Optional<String> read(DataInputStream in) throws IOException {
        return in.readBoolean()
                ? Optional.of(Bytes.adopt(in.readNBytes(in.readInt())).toUtf8())
                : Optional.empty();
    }
}

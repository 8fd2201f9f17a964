package dev.loam.crypto;

import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.Checksummed;
import dev.loam.core.ErrorCode;
import dev.loam.core.Invariant;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The data keys of some files, each wrapped and with a note of its owner's, as one small file that
 * is sealed as a whole. Whoever deletes a row, and has what is above the table changed, has thrown
 * the key away. Immutable; docs/formats/keys.md has the bytes. Any thread.
 */
public final class KeyTable {
    /** Size of the name of a file or of whatever else has a key here, in bytes. */
    public static final int ID_BYTES = 16;

    private static final Bytes MAGIC = Bytes.ofUtf8("LTAB");
    private static final int FORM = 1;
    private static final int WRAPPED_BYTES = Suite.KEY_BYTES + KeyWrap.OVERHEAD_BYTES;
    private static final int ROW_BYTES_MIN = ID_BYTES + WRAPPED_BYTES + 1;

    /** What a table's keys are wrapped by, and what seals the table itself. */
    public interface Parent {
        StoreId store();

        Suite suite();

        /** Seals the table; stays the parent's. */
        Secret tableKey();

        /** A data key as a table may hold it, bound to what it is the key of. */
        Bytes wrap(Bytes id, byte[] dataKey);

        /** Lends a data key, and overwrites it; empty if it was not wrapped so. */
        <R> Optional<R> unwrap(Bytes id, Bytes wrapped, Function<byte[], R> use);
    }

    private record Row(Bytes wrapped, Bytes note) {}

    private final String label;
    private final Parent parent;
    private final SortedMap<Bytes, Row> rows;

    private KeyTable(String label, Parent parent, SortedMap<Bytes, Row> rows) {
        this.label = label;
        this.parent = parent;
        this.rows = rows;
    }

    /**
     * A table without a row.
     *
     * @param label what it is of; as a table of something else it cannot be read
     */
    public static KeyTable empty(String label, Parent parent) {
        return new KeyTable(label, parent, new TreeMap<>());
    }

    /**
     * @param file for messages
     * @return empty if it is whole, and sealed by another parent or for another label
     * @throws LoamException {@code CORRUPT} if it is damaged, {@code FORMAT_VERSION} if it is of a
     *     newer form
     */
    public static Optional<KeyTable> decode(String file, String label, Parent parent, Bytes bytes) {
        Bytes body =
                Checksummed.body(bytes)
                        .filter(each -> each.size() > MAGIC.size())
                        .filter(each -> each.slice(0, MAGIC.size()).equals(MAGIC))
                        .orElseThrow(
                                () ->
                                        new LoamException(
                                                ErrorCode.CORRUPT,
                                                file
                                                        + " is damaged: it holds the keys of the"
                                                        + " store's files; put it back from a copy"
                                                        + " of the store"));
        int form = Byte.toUnsignedInt(body.get(MAGIC.size()));
        if (form != FORM) {
            throw new LoamException(
                    ErrorCode.FORMAT_VERSION,
                    file
                            + " is of form "
                            + form
                            + "; this version of Loam reads form "
                            + FORM
                            + ". Open the store with the newer version that wrote it");
        }
        return SealedBlob.open(
                        parent.suite(),
                        parent.tableKey(),
                        label,
                        parent.store().bytes(),
                        body.slice(MAGIC.size() + 1, body.size()))
                .map(content -> new KeyTable(label, parent, rows(file, content)));
    }

    private static SortedMap<Bytes, Row> rows(String file, Bytes content) {
        ByteReader from = ByteReader.of(file, content);
        SortedMap<Bytes, Row> rows = new TreeMap<>();
        for (int count = from.count(ROW_BYTES_MIN); count > 0; count--) {
            rows.put(from.raw(ID_BYTES), new Row(from.raw(WRAPPED_BYTES), from.bytes()));
        }
        from.expectEnd();
        return rows;
    }

    /** The bytes of the file, sealed anew. */
    public Bytes encode(SecureRandom random) {
        ByteWriter content = new ByteWriter().varint(rows.size());
        rows.forEach((id, row) -> content.raw(id).raw(row.wrapped()).bytes(row.note()));
        Bytes sealed =
                SealedBlob.seal(
                        parent.suite(),
                        parent.tableKey(),
                        random,
                        label,
                        parent.store().bytes(),
                        content.toBytes());
        return Checksummed.of(new ByteWriter().raw(MAGIC).u8(FORM).raw(sealed).toBytes());
    }

    /** Whether there is a key of that name. */
    public boolean has(Bytes id) {
        return rows.containsKey(id);
    }

    /** The key of that name, to be closed; empty if there is none. */
    public Optional<Secret> key(Bytes id) {
        return Optional.ofNullable(rows.get(id))
                .map(
                        row ->
                                parent.unwrap(id, row.wrapped(), Secret::take)
                                        .orElseThrow(KeyTable::wrappedOtherwise));
    }

    private static AssertionError wrappedOtherwise() {
        return new AssertionError("a key in a sealed table is wrapped otherwise");
    }

    /** The names of all that has a key here. */
    public Set<Bytes> ids() {
        return Collections.unmodifiableSet(rows.keySet());
    }

    /** What its owner noted of a key; empty if there is none of that name. */
    public Optional<Bytes> note(Bytes id) {
        return Optional.ofNullable(rows.get(id)).map(Row::note);
    }

    /** The same with a key more, or in the place of another. The key stays the caller's. */
    public KeyTable with(Bytes id, Secret key, Bytes note) {
        Invariant.check(id.size() == ID_BYTES, "the name of a key has {0} bytes", id.size());
        return changed(id, new Row(key.with(bytes -> parent.wrap(id, bytes)), note));
    }

    /** The same with another note of a key that it has. */
    public KeyTable withNote(Bytes id, Bytes note) {
        Row row = Objects.requireNonNull(rows.get(id), "there is no key of that name");
        return changed(id, new Row(row.wrapped(), note));
    }

    private KeyTable changed(Bytes id, Row row) {
        SortedMap<Bytes, Row> changed = new TreeMap<>(rows);
        changed.put(id, row);
        return new KeyTable(label, parent, changed);
    }

    /** The same without the key of that name. */
    public KeyTable without(Bytes id) {
        SortedMap<Bytes, Row> kept = new TreeMap<>(rows);
        kept.remove(id);
        return new KeyTable(label, parent, kept);
    }

    /** The same with only the keys of these names. */
    public KeyTable keepOnly(Set<Bytes> ids) {
        SortedMap<Bytes, Row> kept = new TreeMap<>(rows);
        kept.keySet().retainAll(ids);
        return new KeyTable(label, parent, kept);
    }

    /** The same keys under another parent. */
    public KeyTable under(Parent next) {
        SortedMap<Bytes, Row> rewrapped = new TreeMap<>();
        rows.forEach(
                (id, row) -> {
                    Bytes wrapped =
                            parent.unwrap(id, row.wrapped(), key -> next.wrap(id, key))
                                    .orElseThrow(KeyTable::wrappedOtherwise);
                    rewrapped.put(id, new Row(wrapped, row.note()));
                });
        return new KeyTable(label, next, rewrapped);
    }
}

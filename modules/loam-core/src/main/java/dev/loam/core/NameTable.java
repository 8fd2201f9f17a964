package dev.loam.core;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** The names of fields and models that a batch uses, in the order of their bytes. */
final class NameTable {
    /** A length and one byte. */
    private static final int NAME_BYTES_MIN = 2;

    private final List<String> names;

    /** By index what names have been asked for as fields: to check a name takes a while. */
    private final @Nullable FieldName[] fields;

    /** Of a table that was read: what has been asked of it. */
    private final BitSet asked = new BitSet();

    private NameTable(List<String> names) {
        this.names = names;
        this.fields = new FieldName[names.size()];
    }

    /**
     * @param names ordered by {@link Utf8Order}
     */
    static NameTable of(SortedSet<String> names) {
        return new NameTable(List.copyOf(names));
    }

    static NameTable read(ByteReader in) {
        int count = in.count(NAME_BYTES_MIN);
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String name = in.utf8();
            if (i > 0 && Utf8Order.INSTANCE.compare(names.getLast(), name) >= 0) {
                throw in.corrupt("a table of names is not in order");
            }
            names.add(name);
        }
        return new NameTable(names);
    }

    void write(ByteWriter out) {
        out.varint(names.size());
        names.forEach(out::utf8);
    }

    void writeName(ByteWriter out, String name) {
        int index = Collections.binarySearch(names, name, Utf8Order.INSTANCE);
        Invariant.check(index >= 0, "a name is not in the table");
        out.varint(index);
    }

    String readName(ByteReader in) {
        int index = in.index(names.size());
        asked.set(index);
        return names.get(index);
    }

    FieldName readField(ByteReader in) {
        int index = in.index(names.size());
        FieldName field = fields[index];
        if (field == null) {
            field = new FieldName(names.get(index));
            fields[index] = field;
            asked.set(index);
        }
        return field;
    }

    /** Refuses entries of a table that was read, but never asked for. */
    void expectAllAsked(ByteReader in) {
        if (asked.cardinality() != names.size()) {
            throw in.corrupt("nothing refers to a name of its table");
        }
    }
}

package dev.loam.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;

/** The names of fields and models that a batch uses, in the order of their bytes. */
final class NameTable {
    /** A length and one byte. */
    private static final int NAME_BYTES_MIN = 2;

    private final List<String> names;

    private NameTable(List<String> names) {
        this.names = names;
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
            names.add(in.utf8());
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
        return names.get(in.index(names.size()));
    }
}

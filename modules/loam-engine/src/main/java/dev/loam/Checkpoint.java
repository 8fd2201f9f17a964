package dev.loam;

import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.VaultId;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the engine keeps in the index's commit: its own state as of the commit's position.
 *
 * @param wanted the models by which the index lists what lacks a vector
 * @param adopted the snapshots that the log begins with, see {@link States.Vaults}
 */
record Checkpoint(
        StoreState state,
        RunTable runs,
        SortedSet<String> wanted,
        SortedMap<VaultId, Bytes> adopted) {
    private static final int FORM = 3;

    Bytes encode() {
        ByteWriter writer = new ByteWriter();
        writer.u8(FORM);
        state.encodeTo(writer);
        runs.encodeTo(writer);
        writer.varint(wanted.size());
        wanted.forEach(writer::utf8);
        States.encodeMarks(writer, adopted);
        return writer.toBytes();
    }

    /** Throws {@code CORRUPT} on anything unknown; the index is then dropped and rebuilt. */
    static Checkpoint decode(Bytes bytes) {
        ByteReader reader = ByteReader.of("checkpoint", bytes);
        int form = reader.u8();
        if (form != FORM) {
            throw reader.corrupt("it is of form " + form);
        }
        StoreState state = StoreState.decode(reader);
        RunTable runs = RunTable.decode(reader);
        TreeSet<String> wanted = new TreeSet<>();
        long models = reader.varint();
        for (long i = 0; i < models; i++) {
            wanted.add(reader.utf8());
        }
        SortedMap<VaultId, Bytes> adopted = States.decodeMarks(reader);
        reader.expectEnd();
        return new Checkpoint(state, runs, wanted, adopted);
    }

    /** Of a store in which nothing has happened. */
    static Checkpoint start(SortedSet<String> wanted) {
        return new Checkpoint(StoreState.EMPTY, new RunTable(), wanted, new TreeMap<>());
    }
}

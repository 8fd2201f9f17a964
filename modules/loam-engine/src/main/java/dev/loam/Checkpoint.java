package dev.loam;

import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;

/** What the engine keeps in the index's commit: its own state as of the commit's position. */
record Checkpoint(StoreState state, RunTable runs) {
    private static final int FORM = 1;

    Bytes encode() {
        ByteWriter writer = new ByteWriter();
        writer.u8(FORM);
        state.encodeTo(writer);
        runs.encodeTo(writer);
        return writer.toBytes();
    }

    /** Throws {@code CORRUPT} on anything unknown; the index is then dropped and rebuilt. */
    static Checkpoint decode(Bytes bytes) {
        ByteReader reader = ByteReader.of("checkpoint", bytes);
        int form = reader.u8();
        if (form != FORM) {
            throw reader.corrupt("it is of form " + form);
        }
        Checkpoint checkpoint = new Checkpoint(StoreState.decode(reader), RunTable.decode(reader));
        reader.expectEnd();
        return checkpoint;
    }
}

package dev.loam;

import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.crypto.KeyFile;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which key file a table of keys has seen, so that an older one is known for what it is: with it a
 * slot that was removed opens the store again. Under another master key the table begins anew.
 *
 * @param generation of the newest; 0 where the table was never told of one
 */
record SeenKeyFile(long generation) {
    static SeenKeyFile of(KeyFile file) {
        return new SeenKeyFile(file.generation());
    }

    /**
     * @param note as {@link #encode} gave it, or an empty one
     */
    static SeenKeyFile of(Bytes note) {
        return new SeenKeyFile(
                note.size() == 0 ? 0 : ByteReader.of("the note of a lasting key", note).varint());
    }

    Bytes encode() {
        return new ByteWriter().varint(generation).toBytes();
    }

    SeenKeyFile and(KeyFile file) {
        return new SeenKeyFile(Math.max(generation, file.generation()));
    }

    /** What is to be said of a key file; empty if it is none that was put back. */
    Optional<String> suspicion(Path store, KeyFile file) {
        return file.generation() >= generation
                ? Optional.empty()
                : Optional.of(
                        "the key file of "
                                + store
                                + " was put back to an older one ("
                                + file.generation()
                                + ", and there was "
                                + generation
                                + "): slots that were removed since then may open the store again;"
                                + " look at `loam key list`, remove what should not be there, then"
                                + " change the master key by `loam key rotate`");
    }
}

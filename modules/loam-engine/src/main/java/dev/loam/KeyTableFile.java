package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.KeyTable;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/** A table of data keys on the disk. */
final class KeyTableFile {
    private final WholeFile file;
    private final String label;

    /**
     * @param label what the keys are of
     */
    KeyTableFile(Path directory, String name, String label) {
        this.file = new WholeFile(directory, name);
        this.label = label;
    }

    /** A table without a row. */
    KeyTable empty(KeyTable.Parent parent) {
        return KeyTable.empty(label, parent);
    }

    WholeFile file() {
        return file;
    }

    /**
     * The table that this parent opens; empty if there is none.
     *
     * @throws LoamException {@code CORRUPT}, {@code FORMAT_VERSION}; {@code TAMPERED} if it is
     *     whole and the parent does not open it
     */
    Optional<KeyTable> read(KeyTable.Parent parent) {
        return file.read().map(bytes -> decode(parent, bytes));
    }

    /** The table that this parent opens, as {@link #read} has it. */
    KeyTable decode(KeyTable.Parent parent, Bytes bytes) {
        return KeyTable.decode(file.path().toString(), label, parent, bytes)
                .orElseThrow(
                        () ->
                                new LoamException(
                                        ErrorCode.TAMPERED,
                                        file.path()
                                                + " was changed by somebody who does not have the"
                                                + " store's key; put back a copy of the store, and"
                                                + " look who could write there"));
    }

    /** Durable when it returns. */
    void write(KeyTable table, SecureRandom random) {
        file.write(table.encode(random));
    }
}

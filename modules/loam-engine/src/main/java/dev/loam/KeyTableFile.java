package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.KeyTable;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * A table of data keys on the disk. For another parent it is written beside itself first: that one
 * counts once the parent does, whatever happens in between, since each parent opens its own only.
 */
final class KeyTableFile {
    private static final String NEXT = ".next";

    private final WholeFile file;
    private final WholeFile next;
    private final String label;

    /**
     * @param label what the keys are of
     */
    KeyTableFile(Path directory, String name, String label) {
        this.file = new WholeFile(directory, name);
        this.next = new WholeFile(directory, name + NEXT);
        this.label = label;
    }

    /** A table without a row. */
    KeyTable empty(KeyTable.Parent parent) {
        return KeyTable.empty(label, parent);
    }

    /**
     * The table that this parent opens; empty if there is none.
     *
     * @throws LoamException {@code CORRUPT}, {@code FORMAT_VERSION}; {@code TAMPERED} if it is
     *     whole and the parent does not open it
     */
    Optional<KeyTable> read(KeyTable.Parent parent) {
        Optional<KeyTable> begun = next.read().flatMap(bytes -> decode(next, parent, bytes));
        if (begun.isPresent()) {
            next.moveTo(file);
            return begun;
        }
        Optional<KeyTable> table = inPlace(parent);
        if (next.exists()) {
            next.delete();
        }
        return table;
    }

    private Optional<KeyTable> inPlace(KeyTable.Parent parent) {
        return file.read()
                .map(bytes -> decode(file, parent, bytes).orElseThrow(() -> tampered(file.path())));
    }

    /** The same, changing nothing: while its owner is at work, the next one may be there. */
    KeyTable peek(KeyTable.Parent parent) {
        return next.read()
                .flatMap(bytes -> decode(next, parent, bytes))
                .or(() -> inPlace(parent))
                .orElseThrow(this::missing);
    }

    LoamException missing() {
        return new LoamException(
                ErrorCode.CORRUPT,
                file.path()
                        + " is missing: it holds the keys of the store's files; put it back from a"
                        + " copy of the store");
    }

    private static LoamException tampered(Path file) {
        return new LoamException(
                ErrorCode.TAMPERED,
                file
                        + " was changed by somebody who does not have the store's key; put back a"
                        + " copy of the store, and look who could write there");
    }

    private Optional<KeyTable> decode(WholeFile from, KeyTable.Parent parent, Bytes bytes) {
        return KeyTable.decode(from.path().toString(), label, parent, bytes);
    }

    /** Durable when it returns. */
    void write(KeyTable table, SecureRandom random) {
        file.write(table.encode(random));
    }

    /** Writes the same table for another parent, for {@link #useNext}. */
    void writeNext(KeyTable table, SecureRandom random) {
        next.write(table.encode(random));
    }

    /** Puts what was written for the next parent in place, now that it is the parent. */
    void useNext() {
        next.moveTo(file);
    }
}

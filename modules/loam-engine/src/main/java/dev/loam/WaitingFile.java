package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.crypto.Sealer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A scratch file, which exists while it holds anything. Nothing in it is forced, and what it holds
 * is checked by whoever reads it. One thread at a time. Not a channel: sessions run on threads of
 * our callers, and an interrupt would close that.
 */
final class WaitingFile {
    private final StoreFolder store;
    private final Path directory;
    private final Path path;
    private @Nullable RandomAccessFile file;
    private int end;
    private @Nullable ScratchSeal seal;

    /**
     * @param store its directory, which exists
     */
    WaitingFile(StoreFolder store, String name) {
        this.store = store;
        this.directory = store.resolve(WaitingArea.DIRECTORY);
        this.path = directory.resolve(name);
    }

    /** Where the next {@link #append} writes; at most 2^31 - 1, which the caller keeps to. */
    int end() {
        return end;
    }

    /** How much so many bytes take in the file. */
    int stored(int length) {
        return store.keys().isPresent() ? length + Sealer.OVERHEAD_BYTES : length;
    }

    /** Adds to the end. Where it throws, the file is as it was. */
    void append(byte[] content) throws IOException {
        write(end, content);
        end += stored(content.length);
    }

    /** Replaces what lies there, before the end. */
    void write(int offset, byte[] content) throws IOException {
        RandomAccessFile open = open();
        open.seek(offset);
        open.write(seal == null ? content : seal.seal(content));
    }

    Bytes read(int offset, int length) throws IOException {
        RandomAccessFile open = open();
        byte[] content = new byte[stored(length)];
        open.seek(offset);
        open.readFully(content);
        Bytes stored = Bytes.adopt(content);
        return seal == null
                ? stored
                : seal.open(stored).orElseThrow(() -> new IOException(path + " was altered"));
    }

    /** Gives back what lies behind {@code newEnd}. */
    void truncate(int newEnd) throws IOException {
        end = newEnd;
        if (newEnd > 0) {
            open().setLength(newEnd);
        } else {
            clear();
        }
    }

    /** Gives back everything. Where the disk does not let it go, it is written over. */
    void clear() {
        end = 0;
        RandomAccessFile open = file;
        file = null;
        ScratchSeal used = seal;
        seal = null;
        if (used != null) {
            used.close();
        }
        try {
            if (open != null) {
                open.close();
            }
            Files.deleteIfExists(path);
        } catch (IOException stays) {
            // Scratch: opening the store deletes it.
        }
    }

    private RandomAccessFile open() throws IOException {
        RandomAccessFile open = file;
        if (open == null) {
            if (!Files.isDirectory(directory)) {
                Files.createDirectory(directory, WholeFile.ownersOnly(store.path(), "rwx------"));
            }
            Files.deleteIfExists(path);
            Files.createFile(path, WholeFile.ownersOnly(directory, "rw-------"));
            open = new RandomAccessFile(path.toFile(), "rw");
            file = open;
            seal =
                    store.keys()
                            .map(keys -> new ScratchSeal(keys.suite(), keys.random()))
                            .orElse(null);
        }
        return open;
    }
}

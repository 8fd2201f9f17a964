package dev.loam;

import dev.loam.core.Bytes;
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
    private final Path store;
    private final Path directory;
    private final Path path;
    private @Nullable RandomAccessFile file;
    private int end;

    /**
     * @param store its directory, which exists
     */
    WaitingFile(Path store, String name) {
        this.store = store;
        this.directory = store.resolve(WaitingArea.DIRECTORY);
        this.path = directory.resolve(name);
    }

    /** Where the next {@link #append} writes; at most 2^31 - 1, which the caller keeps to. */
    int end() {
        return end;
    }

    /** Adds to the end. Where it throws, the file is as it was. */
    void append(byte[] content) throws IOException {
        write(end, content);
        end += content.length;
    }

    /** Replaces what lies there, before the end. */
    void write(int offset, byte[] content) throws IOException {
        RandomAccessFile open = open();
        open.seek(offset);
        open.write(content);
    }

    Bytes read(int offset, int length) throws IOException {
        RandomAccessFile open = open();
        byte[] content = new byte[length];
        open.seek(offset);
        open.readFully(content);
        return Bytes.adopt(content);
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
                Files.createDirectory(directory, SmallFile.ownersOnly(store, "rwx------"));
            }
            Files.deleteIfExists(path);
            Files.createFile(path, SmallFile.ownersOnly(directory, "rw-------"));
            open = new RandomAccessFile(path.toFile(), "rw");
            file = open;
        }
        return open;
    }
}

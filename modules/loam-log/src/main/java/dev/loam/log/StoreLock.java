package dev.loam.log;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One owner for a store. The lock is the operating system's on the file {@code LOCK}, so it falls
 * with its process, whatever its end. The file is never deleted: a new one would be a second lock.
 */
final class StoreLock implements AutoCloseable {
    static final String FILE_NAME = "LOCK";
    static final String OWNER_NAME = "OWNER";

    /**
     * Stores owned by this JVM. Static because the lock is the process's: it falls when any channel
     * to the file is closed, hence no second one may be opened, by any log of this JVM.
     */
    private static final Set<Path> OWNED = ConcurrentHashMap.newKeySet();

    /**
     * Channels to locks that the log of another class loader of this JVM holds. Closing one, as the
     * garbage collector would, drops that lock.
     */
    private static final Queue<FileChannel> KEPT_OPEN = new ConcurrentLinkedQueue<>();

    private final Path store;
    private final FileChannel channel;
    private boolean isHeld = true;

    private StoreLock(Path store, FileChannel channel) {
        this.store = store;
        this.channel = channel;
    }

    /**
     * @param directory of the store, present
     * @throws LoamException {@code STORE_BUSY} naming the process that has it
     */
    static StoreLock acquire(Path directory) throws IOException {
        Path store = directory.toRealPath();
        if (!OWNED.add(store)) {
            throw busy(store);
        }
        try {
            return lock(store, openFile(store.resolve(FILE_NAME)));
        } catch (IOException | RuntimeException refused) {
            OWNED.remove(store);
            throw refused;
        }
    }

    private static StoreLock lock(Path store, FileChannel channel) throws IOException {
        try {
            if (channel.tryLock() == null) {
                throw busy(store);
            }
        } catch (OverlappingFileLockException heldByThisJvm) {
            KEPT_OPEN.add(channel);
            throw busy(store);
        } catch (IOException | RuntimeException refused) {
            channel.close();
            throw refused;
        }
        StoreLock held = new StoreLock(store, channel);
        held.writeOwner();
        return held;
    }

    private static FileChannel openFile(Path file) throws IOException {
        try {
            return DiskFiles.create(file);
        } catch (FileAlreadyExistsException present) {
            return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
    }

    /**
     * Who has it. Only informs: nothing is decided by it, so a failure to write it is no failure.
     */
    private void writeOwner() {
        byte[] owner =
                ("pid " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
        Path file = store.resolve(OWNER_NAME);
        try {
            Files.deleteIfExists(file);
            try (FileChannel written = DiskFiles.create(file)) {
                written.write(ByteBuffer.wrap(owner));
            }
        } catch (IOException withoutName) {
            // A full disk must not keep a store from being read.
            return;
        }
    }

    private static LoamException busy(Path store) {
        String owner = ownerOf(store);
        return new LoamException(
                ErrorCode.STORE_BUSY,
                "the store "
                        + store
                        + " is open in "
                        + (owner == null ? "another process" : "the process with " + owner)
                        + ". Close it there, or wait until that process ends");
    }

    private static @Nullable String ownerOf(Path store) {
        try {
            String owner =
                    Files.readString(store.resolve(OWNER_NAME), StandardCharsets.US_ASCII).strip();
            return owner.matches("pid \\d+") ? owner : null;
        } catch (IOException unknown) {
            return null;
        }
    }

    /** Lets the store go. */
    @Override
    public void close() throws IOException {
        if (!isHeld) {
            return;
        }
        isHeld = false;
        try {
            Files.deleteIfExists(store.resolve(OWNER_NAME));
        } finally {
            try {
                channel.close();
            } finally {
                OWNED.remove(store);
            }
        }
    }
}

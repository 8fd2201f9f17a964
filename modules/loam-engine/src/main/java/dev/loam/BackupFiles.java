package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.log.DiskFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Every call by which backups and restores change the disk, but for the log's and the index's. */
final class BackupFiles {
    static final String TEMPORARY = ".tmp";

    /** Told before each of these calls; may refuse it. */
    @FunctionalInterface
    interface Watcher {
        void before(String call) throws IOException;
    }

    private final Watcher watcher;

    BackupFiles() {
        this(call -> {});
    }

    BackupFiles(Watcher watcher) {
        this.watcher = watcher;
    }

    /** Makes a directory and its parents, if they are not there. */
    void createDirectories(Path directory) {
        try {
            watcher.before("createDirectories");
            Path parent = directory.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            if (!Files.isDirectory(directory)) {
                Files.createDirectory(directory, WholeFile.ownersOnly(directory, "rwx------"));
                if (parent != null) {
                    WholeFile.forceDirectory(parent);
                }
            }
        } catch (IOException refused) {
            throw writing(directory, refused);
        }
    }

    /** Opens a file for writing, in place of one that is there. */
    FileChannel create(Path file) throws IOException {
        watcher.before("create");
        Files.deleteIfExists(file);
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                WholeFile.ownersOnly(file, "rw-------"));
    }

    void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        watcher.before("write");
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    void force(FileChannel channel) throws IOException {
        watcher.before("force");
        channel.force(true);
    }

    /** Within one file system; what is there gives way. The directory is forced. */
    void move(Path from, Path to) throws IOException {
        watcher.before("move");
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path parent = to.toAbsolutePath().getParent();
        if (parent != null) {
            watcher.before("forceDirectory");
            WholeFile.forceDirectory(parent);
        }
    }

    /** Puts content in place of a file, whole or not at all, and forces both. */
    void replace(Path file, Bytes content) {
        Path temporary = file.resolveSibling(file.getFileName() + TEMPORARY);
        try {
            try (FileChannel channel = create(temporary)) {
                write(channel, content.asBuffer());
                force(channel);
            }
            move(temporary, file);
        } catch (IOException refused) {
            throw writing(file, refused);
        }
    }

    /** Deletes a file if it is there. */
    void delete(Path file) {
        try {
            watcher.before("delete");
            Files.deleteIfExists(file);
        } catch (IOException refused) {
            throw writing(file, refused);
        }
    }

    /** Deletes a directory with all that is in it, if it is there. */
    void deleteTree(Path directory) {
        try {
            watcher.before("deleteTree");
        } catch (IOException refused) {
            throw writing(directory, refused);
        }
        IndexBuild.deleteTree(directory);
    }

    static LoamException reading(Path path, IOException fault) {
        if (fault instanceof AccessDeniedException denied) {
            return new LoamException(
                    ErrorCode.PERMISSIONS,
                    denied.getFile() + " may not be read or written; give its owner access",
                    fault);
        }
        return new LoamException(
                ErrorCode.IO_FAILED,
                path
                        + " cannot be read or written ("
                        + fault.getMessage()
                        + "); look after the disk",
                fault);
    }

    static LoamException writing(Path path, IOException fault) {
        return fault instanceof AccessDeniedException || !DiskFault.isDiskFull(there(path), fault)
                ? reading(path, fault)
                : diskFull(path, fault);
    }

    /** What the log and the index were refused, if it was room: they say that they failed. */
    static LoamException writing(Path path, LoamException refused) {
        boolean isDiskFull =
                refused.code() == ErrorCode.IO_FAILED && DiskFault.isDiskFull(there(path), refused);
        return isDiskFull ? diskFull(path, refused) : refused;
    }

    private static LoamException diskFull(Path path, Exception fault) {
        return new LoamException(
                ErrorCode.DISK_FULL,
                "there is no room on the disk of "
                        + path
                        + "; what was complete before stays as it was. Free some space and try"
                        + " again",
                fault);
    }

    /** False where the system does not tell; asked of the nearest directory that is there. */
    static boolean hasLessRoomThan(Path path, long bytes) {
        try {
            return DiskFault.hasLessRoomThan(bytes, there(path));
        } catch (IOException unknown) {
            return false;
        }
    }

    private static Path there(Path path) {
        Path there = path.toAbsolutePath();
        for (Path parent = there.getParent();
                parent != null && !Files.exists(there);
                parent = there.getParent()) {
            there = parent;
        }
        return there;
    }
}

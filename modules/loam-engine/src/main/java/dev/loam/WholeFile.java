package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.log.DiskFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A file of a store that is replaced as a whole and that only its owner reads: whoever reads it
 * sees the old content or the new, whatever happens in between.
 */
final class WholeFile {
    private static final String TEMPORARY = ".tmp";

    private final Path path;
    private final Path directory;

    WholeFile(Path directory, String name) {
        this.path = directory.resolve(name);
        this.directory = directory;
    }

    Path path() {
        return path;
    }

    boolean exists() {
        return Files.exists(path);
    }

    /** Empty if there is no such file. */
    Optional<Bytes> read() {
        try {
            return Optional.of(Bytes.adopt(Files.readAllBytes(path)));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException failure) {
            throw new LoamException(ErrorCode.IO_FAILED, path + " cannot be read", failure);
        }
    }

    /**
     * Replaces the content; durable when it returns.
     *
     * @throws LoamException {@code DISK_FULL}, {@code PERMISSIONS}, {@code IO_FAILED}: the file is
     *     as it was
     */
    void write(Bytes content) {
        Path temporary = path.resolveSibling(path.getFileName() + TEMPORARY);
        try {
            Files.deleteIfExists(temporary);
            try (FileChannel channel =
                    FileChannel.open(
                            temporary,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            ownersOnly(directory, "rw-------"))) {
                ByteBuffer rest = content.asBuffer();
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            Files.move(
                    temporary,
                    path,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            forceDirectory(directory);
        } catch (IOException failure) {
            throw DiskFault.writing("replacing " + path, directory, failure);
        }
    }

    /** False too where the disk cannot read it, as one that has lost its blocks. */
    boolean holds(Bytes content) {
        try {
            return read().equals(Optional.of(content));
        } catch (LoamException unreadable) {
            return false;
        }
    }

    /** Writes this and its copy where they do not hold the content yet; the names of those. */
    List<String> makeAlike(Bytes content, WholeFile copy) {
        List<String> written = new ArrayList<>();
        for (WholeFile each : List.of(this, copy)) {
            if (!each.holds(content)) {
                each.write(content);
                written.add(each.path.getFileName().toString());
            }
        }
        return written;
    }

    /** Durable when it returns. */
    void delete() {
        try {
            Files.deleteIfExists(path);
            forceDirectory(directory);
        } catch (IOException failure) {
            throw new LoamException(ErrorCode.IO_FAILED, path + " cannot be deleted", failure);
        }
    }

    /**
     * What a file or directory is made with where the file system has owners.
     *
     * @param permissions as {@code ls} prints them
     */
    static FileAttribute<?>[] ownersOnly(Path within, String permissions) {
        return isPosix(within)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path directory) {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Where a directory cannot be opened, as on Windows, there is no such force. */
    static void forceDirectory(Path directory) throws IOException {
        if (isPosix(directory)) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}

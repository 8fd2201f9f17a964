package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory that is to become a store, and the one beside it in which that is built first. The
 * latter is marked, so that nothing is deleted that somebody else has put there.
 */
final class RestoreTarget implements AutoCloseable {
    private static final String SUFFIX = ".restoring";

    /** Ends as what a store calls unfinished, which opening one does not mind. */
    private static final String MARK = "restoring" + BackupFiles.TEMPORARY;

    private final BackupFiles files;
    private final Path target;
    private final Path building;
    private final FileChannel mark;

    private RestoreTarget(BackupFiles files, Path target, Path building, FileChannel mark) {
        this.files = files;
        this.target = target;
        this.building = building;
        this.mark = mark;
    }

    /**
     * @param given absent or empty
     * @throws LoamException {@code EXISTS} if it is neither; {@code STORE_BUSY} if another process
     *     restores to it
     */
    static RestoreTarget begin(BackupFiles files, Path given) {
        Path target = given.toAbsolutePath().normalize();
        requireEmpty(target);
        Path building = target.resolveSibling(target.getFileName() + SUFFIX);
        if (!isMarked(building)) {
            requireEmpty(building);
        }
        files.createDirectories(building);
        FileChannel mark = mark(building);
        try {
            for (Path left : children(building)) {
                if (!left.getFileName().toString().equals(MARK)) {
                    files.deleteTree(left);
                }
            }
            return new RestoreTarget(files, target, building, mark);
        } catch (IOException fault) {
            throw BackupFiles.reading(building, fault);
        }
    }

    private static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        }
    }

    private static boolean isMarked(Path building) {
        return Files.isRegularFile(building.resolve(MARK));
    }

    private static void requireEmpty(Path directory) {
        try {
            if (children(directory).isEmpty()) {
                return;
            }
        } catch (NoSuchFileException absent) {
            return;
        } catch (NotDirectoryException file) {
            throw new LoamException(
                    ErrorCode.EXISTS,
                    directory + " is a file, or lies below one; name a directory that is not there",
                    file);
        } catch (IOException fault) {
            throw BackupFiles.reading(directory, fault);
        }
        throw exists(directory);
    }

    private static LoamException exists(Path directory) {
        return new LoamException(
                ErrorCode.EXISTS,
                directory
                        + " is there and not empty, and a restore replaces nothing; name a directory"
                        + " that is not there");
    }

    private static FileChannel mark(Path building) {
        try {
            FileChannel channel =
                    FileChannel.open(
                            building.resolve(MARK),
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                            WholeFile.ownersOnly(building, "rw-------"));
            if (tryLock(channel) != null) {
                return channel;
            }
            channel.close();
        } catch (IOException fault) {
            throw BackupFiles.writing(building, fault);
        }
        throw new LoamException(
                ErrorCode.STORE_BUSY,
                "another process restores to " + building + "; wait for its end");
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException ofThisProcess) {
            return null;
        }
    }

    /** Where it is built. */
    Path building() {
        return building;
    }

    /** Gives what was built its name. The mark goes last: without it nothing could be cleared. */
    void finish() {
        try {
            Files.deleteIfExists(target);
            files.move(building, target);
        } catch (IOException refused) {
            throw BackupFiles.writing(target, refused);
        }
        files.delete(target.resolve(MARK));
    }

    /** Deletes what was built and has not got its name. */
    void discard() {
        files.deleteTree(building);
    }

    /** Lets others restore to it. Idempotent. */
    @Override
    public void close() {
        try {
            mark.close();
        } catch (IOException fault) {
            throw BackupFiles.reading(building, fault);
        }
    }
}

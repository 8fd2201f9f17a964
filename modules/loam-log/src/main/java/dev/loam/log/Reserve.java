package dev.loam.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Room on the disk that is kept so that, when there is none left, a segment can still be ended and
 * old ones be made smaller. Owned by the writer's thread.
 */
final class Reserve {
    static final String FILE_NAME = "RESERVE";
    static final long BYTES = 16L << 20;

    /** A disk with less room is small, or nearly full: the store's entries need it more. */
    static final long ROOM_BYTES_MIN = 64L << 20;

    private final StoreFiles files;
    private final Path directory;

    Reserve(StoreFiles files, LogDirectory log) {
        this.files = files;
        this.directory = DiskFiles.parentOf(log.path());
    }

    /** Makes it if it is not there and there is plenty of room; a full disk is no failure. */
    void allocate() throws IOException {
        if (isThere()) {
            return;
        }
        try {
            files.requireRoom(directory, ROOM_BYTES_MIN);
            files.allocate(file(), BYTES);
        } catch (IOException refused) {
            if (!DiskFault.isDiskFull(directory, refused)) {
                throw refused;
            }
        }
    }

    /** Gives the room back to the disk; false if it was given back before. */
    boolean free() throws IOException {
        if (!Files.exists(file())) {
            return false;
        }
        files.deleteFile(file());
        files.forceDirectory(directory);
        return true;
    }

    /** One that was cut takes less room than it should. */
    private boolean isThere() throws IOException {
        try {
            return Files.size(file()) == BYTES;
        } catch (NoSuchFileException absent) {
            return false;
        }
    }

    private Path file() {
        return directory.resolve(FILE_NAME);
    }
}

package dev.loam.log;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the operating system refused, in the words of {@link LoamException}. */
public final class DiskFault {
    /** With less room than this, a write that failed without a clear reason ran out of it. */
    private static final long ROOM_BYTES = 64 << 10;

    static final String NO_SPACE = "No space left on device";

    private DiskFault() {}

    /**
     * @param doing what was tried, as "reading the log"
     */
    static LoamException reading(String doing, Path path, IOException fault) {
        if (fault instanceof AccessDeniedException denied) {
            return new LoamException(
                    ErrorCode.PERMISSIONS,
                    doing
                            + " was not allowed: "
                            + denied.getFile()
                            + ". Give its owner access, for example with: chmod -R u+rwX "
                            + there(path),
                    fault);
        }
        return new LoamException(
                ErrorCode.IO_FAILED,
                doing
                        + " failed at "
                        + path
                        + " ("
                        + fault.getMessage()
                        + "). Look after the disk, then reopen the store",
                fault);
    }

    /** The path, or what it was to be made in. */
    private static Path there(Path path) {
        Path there = path.toAbsolutePath();
        while (there.getParent() != null && Files.notExists(there)) {
            there = there.getParent();
        }
        return there;
    }

    /**
     * {@code DISK_FULL} for a write that found no room, and of which nothing remains; {@code
     * PERMISSIONS} or {@code IO_FAILED} for one that failed otherwise.
     *
     * @param doing what was tried, as "writing the log"
     */
    public static LoamException writing(String doing, Path path, IOException fault) {
        if (!(fault instanceof AccessDeniedException) && isDiskFull(path, fault)) {
            return new LoamException(
                    ErrorCode.DISK_FULL,
                    doing
                            + " found no room on the disk of "
                            + path
                            + "; nothing was written. Free some space and try again",
                    fault);
        }
        return reading(doing, path, fault);
    }

    /** A fault of a memory mapping: the system had no page of the disk for it. */
    static LoamException mapping(String doing, Path path, InternalError fault) {
        return writing(doing, path, new IOException(NO_SPACE, fault));
    }

    /**
     * Whether it is of no room, or there is none now.
     *
     * @param path that is there, on the disk in question
     */
    public static boolean isDiskFull(Path path, Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException && saysFull(cause.getMessage())) {
                return true;
            }
        }
        return hasNoRoom(path);
    }

    private static boolean saysFull(@Nullable String reason) {
        String lower = String.valueOf(reason).toLowerCase(Locale.ROOT);
        return lower.contains("no space left")
                || lower.contains("quota exceeded")
                || lower.contains("not enough space");
    }

    /** The system's reasons are in its user's language; the room that is left is not. */
    private static boolean hasNoRoom(Path path) {
        try {
            return hasLessRoomThan(ROOM_BYTES, path);
        } catch (IOException unknown) {
            return false;
        }
    }

    /** A file system that does not know its size does not know its room either. */
    public static boolean hasLessRoomThan(long bytes, Path path) throws IOException {
        FileStore disk = Files.getFileStore(path);
        return disk.getTotalSpace() > 0 && disk.getUsableSpace() < bytes;
    }
}

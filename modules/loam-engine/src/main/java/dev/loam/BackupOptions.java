package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.nio.file.Path;

/**
 * Where a backup goes and how. Immutable; each method gives a changed copy.
 *
 * @param directory made if it is not there; holds the backups of one store and nothing else
 * @param level of Deflate for what is written now, from 0, which packs nothing, to 9
 */
public record BackupOptions(Path directory, int level) {
    /** The level unless one is chosen. */
    public static final int LEVEL = 6;

    private static final int LEVEL_MAX = 9;

    public BackupOptions {
        if (level < 0 || level > LEVEL_MAX) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a level of " + level + " does not exist; choose one from 0 to " + LEVEL_MAX);
        }
    }

    /** Into that directory, at level {@value #LEVEL}. */
    public static BackupOptions into(Path directory) {
        return new BackupOptions(directory, LEVEL);
    }

    /**
     * @throws LoamException {@code INVALID_ARGUMENT} for anything but 0 to 9
     */
    public BackupOptions level(int chosen) {
        return new BackupOptions(directory, chosen);
    }
}

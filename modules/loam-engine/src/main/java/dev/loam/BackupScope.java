package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;

/** How much of a backup {@link Backups#verify} looks at. */
public sealed interface BackupScope {
    /** The manifests, and whether the files that they name are there in full length. */
    record Quick() implements BackupScope {}

    /**
     * Besides that some units, chosen by chance, as {@link Full} does.
     *
     * @param percent of the units, from 1 to 100; at least one is read
     * @param seed the same seed chooses the same units of the same backup
     */
    record Sample(int percent, long seed) implements BackupScope {
        private static final int ALL = 100;

        public Sample {
            if (percent < 1 || percent > ALL) {
                throw new LoamException(
                        ErrorCode.INVALID_ARGUMENT,
                        "a sample of " + percent + " % cannot be taken; choose 1 to 100");
            }
        }
    }

    /** Besides that every unit: its SHA-256, and that it can be unpacked. */
    record Full() implements BackupScope {}

    /**
     * The latest generation is restored aside, in the directory of the backup, replayed and
     * compared with what was backed up, then deleted: nothing else proves that it can be restored.
     * Needs the room for the store.
     */
    record Drill() implements BackupScope {}
}

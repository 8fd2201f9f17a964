package dev.loam;

import java.util.List;

/**
 * What {@link Backups#verify} found.
 *
 * @param generations that were looked at
 * @param units that were read, or whose lengths were compared
 * @param bytes that were read
 * @param damage a sentence for each finding; empty if the backup is sound
 */
public record BackupVerification(int generations, int units, long bytes, List<String> damage) {
    public BackupVerification {
        damage = List.copyOf(damage);
    }

    public boolean isSound() {
        return damage.isEmpty();
    }
}

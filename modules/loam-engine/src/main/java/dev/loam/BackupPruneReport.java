package dev.loam;

import java.util.List;

/**
 * What {@link Backups#prune} did.
 *
 * @param kept the generations that are left
 * @param deleted the generations that are gone
 * @param bytes that were given back
 */
public record BackupPruneReport(List<Long> kept, List<Long> deleted, long bytes) {
    public BackupPruneReport {
        kept = List.copyOf(kept);
        deleted = List.copyOf(deleted);
    }
}

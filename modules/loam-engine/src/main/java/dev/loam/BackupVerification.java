package dev.loam;

import dev.loam.core.StoreId;
import java.util.List;

/**
 * What {@link Backups#verify} found.
 *
 * @param scope that was asked for
 * @param generations that were looked at, the oldest first; of a drill the latest alone
 * @param units that were read, or whose lengths were compared
 * @param bytes that were read
 * @param damage a sentence for each finding; empty if the backup is sound
 */
public record BackupVerification(
        BackupScope scope,
        List<BackupInfo> generations,
        int units,
        long bytes,
        List<String> damage) {
    public BackupVerification {
        generations = List.copyOf(generations);
        damage = List.copyOf(damage);
    }

    public boolean isSound() {
        return damage.isEmpty();
    }

    /** What an audit trail tells of it: nothing if anything was damaged. */
    List<AuditEvent> events(StoreId store) {
        return generations.stream()
                .filter(backup -> isSound() && backup.store().equals(store))
                .<AuditEvent>map(backup -> new AuditEvent.BackupVerified(backup.id(), how()))
                .toList();
    }

    private AuditEvent.Thoroughness how() {
        return switch (scope) {
            case BackupScope.Quick _ -> AuditEvent.Thoroughness.QUICK;
            case BackupScope.Sample _ -> AuditEvent.Thoroughness.SAMPLE;
            case BackupScope.Full _ -> AuditEvent.Thoroughness.FULL;
            case BackupScope.Drill _ -> AuditEvent.Thoroughness.DRILL;
        };
    }
}

package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.StoreId;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Gathers from an audit trail what it tells of the backups of a store. For one thread. */
final class KnownBackups {
    private final StoreId store;
    private final Map<BackupId, Map<AuditEvent.Thoroughness, Instant>> known = new HashMap<>();

    KnownBackups(StoreId store) {
        this.store = store;
    }

    void add(AuditEntry entry) {
        if (entry.event() instanceof AuditEvent.BackupMade(Bytes backup)) {
            verified(backup);
        } else if (entry.event() instanceof AuditEvent.BackupVerified(Bytes backup, var how)) {
            verified(backup).put(how, entry.time());
        }
    }

    /** Of what a newer version named otherwise nothing is kept. */
    private Map<AuditEvent.Thoroughness, Instant> verified(Bytes backup) {
        return BackupId.decode(backup)
                .filter(id -> id.store().equals(store))
                .map(id -> known.computeIfAbsent(id, first -> new TreeMap<>()))
                .orElseGet(TreeMap::new);
    }

    /** The last ones that were made, the oldest of them first. */
    List<KnownBackup> last(int count) {
        return known.entrySet().stream()
                .map(
                        each ->
                                new KnownBackup(
                                        each.getKey().generation(),
                                        each.getKey().made(),
                                        each.getValue()))
                .sorted(
                        Comparator.comparing(KnownBackup::made)
                                .thenComparingLong(KnownBackup::generation))
                .skip(Math.max(0, known.size() - count))
                .toList();
    }
}

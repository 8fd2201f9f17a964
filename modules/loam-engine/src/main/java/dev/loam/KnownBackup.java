package dev.loam;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a store's audit trail tells of a backup of it. Whether the backup is still there it cannot
 * tell.
 *
 * @param generation in its directory
 * @param made when, by the clock of the device
 * @param verified when it was last found sound, by how much of it was looked at
 */
public record KnownBackup(
        long generation, Instant made, Map<AuditEvent.Thoroughness, Instant> verified) {
    public KnownBackup {
        verified = Collections.unmodifiableMap(new TreeMap<>(verified));
    }
}

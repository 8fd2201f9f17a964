package dev.loam;

import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The audit trail of a store: who came to its keys, which devices came and went, what was written
 * out, thrown away or put back. Each event is bound to all before it; in a sealed store it is
 * sealed. It holds ids, never content. Any thread.
 */
public final class Audit {
    /** Of the backups that it tells of: those that were made last. */
    static final int BACKUPS_MAX = 10;

    private final AuditTrail trail;
    private final StoreId store;

    Audit(AuditTrail trail, StoreId store) {
        this.trail = trail;
        this.store = store;
    }

    /**
     * Adds an event that only the caller knows of, such as an export; durable when it returns. What
     * the store does itself it records by itself.
     *
     * @throws LoamException {@code DISK_FULL}, {@code PERMISSIONS}, {@code IO_FAILED}, {@code
     *     CLOSED}: it was not added
     */
    public void record(AuditEvent.OfStore event) {
        trail.record(event);
    }

    /**
     * Adds that backups of this store were found sound; nothing if any was not, and nothing of the
     * backups of other stores.
     *
     * @return how many generations that are
     * @throws LoamException as {@link #record(AuditEvent.OfStore)}
     */
    public int record(BackupVerification verification) {
        List<AuditEvent> events = verification.events(store);
        trail.record(events);
        return events.size();
    }

    /**
     * The last {@value #BACKUPS_MAX} backups of this store that were made or verified with this
     * trail at hand, the oldest first. Reads all of the trail.
     */
    public List<KnownBackup> backups() {
        KnownBackups known = new KnownBackups(store);
        trail.read(Optional.empty(), known::add);
        return known.last(BACKUPS_MAX);
    }

    /**
     * Hands on every event that was recorded before the call, oldest first, on the calling thread.
     * Checks what it reads as {@link #verify} does.
     */
    public AuditReport read(Consumer<AuditEntry> sink) {
        return trail.read(Optional.empty(), sink);
    }

    /**
     * Checks that every event is there as it was written, and that the trail reaches what the
     * device has signed; then has the device sign where it ends now. What was cut off behind the
     * last signature shows only by a head that was kept elsewhere; an older copy of the whole store
     * that somebody put back, too.
     *
     * @param remembered the head of an earlier report
     */
    public AuditReport verify(Optional<AuditHead> remembered) {
        return trail.read(remembered, _ -> {});
    }
}

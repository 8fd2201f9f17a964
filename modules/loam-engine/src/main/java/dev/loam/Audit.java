package dev.loam;

import dev.loam.core.LoamException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The audit trail of a store: who came to its keys, which devices came and went, what was written
 * out, thrown away or put back. Each event is bound to all before it; in a sealed store it is
 * sealed. It holds ids, never content. Any thread.
 */
public final class Audit {
    private final AuditTrail trail;

    Audit(AuditTrail trail) {
        this.trail = trail;
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

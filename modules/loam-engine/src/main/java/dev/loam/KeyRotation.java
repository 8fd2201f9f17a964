package dev.loam;

import java.time.Instant;

/** Changes the master key of a store that has one, and tells the audit trail why. */
final class KeyRotation {
    private final Store store;

    KeyRotation(Store store) {
        this.store = store;
    }

    void rotate(AuditEvent.RotationCause cause) {
        store.folder().keys().ifPresent(keys -> rotate(keys, cause));
    }

    /** Changes it where it is old enough. */
    void rotateIfDue() {
        Instant now = store.environment().now();
        store.folder()
                .keys()
                .filter(keys -> keys.isRotationDue(now))
                .ifPresent(keys -> rotate(keys, AuditEvent.RotationCause.SCHEDULE));
    }

    private void rotate(StoreKeys keys, AuditEvent.RotationCause cause) {
        keys.rotate(store.environment().now());
        store.audit().record(new AuditEvent.MasterKeyRotated(keys.keyFile().epoch(), cause));
    }
}

package dev.loam;

import java.time.Instant;

/** Changes the master key of a store that has one, and tells the audit trail why. */
final class KeyRotation {
    private final Store store;

    KeyRotation(Store store) {
        this.store = store;
    }

    void rotate(AuditEvent.RotationCause cause) {
        store.folder()
                .keys()
                .ifPresent(
                        keys -> {
                            keys.rotate(store.environment().now());
                            record(keys, cause);
                        });
    }

    /** Changes it where it is old enough. */
    void rotateIfDue() {
        Instant now = store.environment().now();
        store.folder()
                .keys()
                .filter(keys -> keys.rotateIfDue(now))
                .ifPresent(keys -> record(keys, AuditEvent.RotationCause.SCHEDULE));
    }

    private void record(StoreKeys keys, AuditEvent.RotationCause cause) {
        store.audit().record(new AuditEvent.MasterKeyRotated(keys.keyFile().epoch(), cause));
    }
}

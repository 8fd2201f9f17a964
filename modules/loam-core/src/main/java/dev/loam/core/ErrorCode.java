package dev.loam.core;

/**
 * What can go wrong, by a name that never changes its meaning and is never used again. The same
 * codes appear in the library, in the command line's JSON and in its exit codes.
 */
public enum ErrorCode {
    /** An argument of the call is not of the form it must have. */
    INVALID_ARGUMENT(Retry.NEVER, Severity.ERROR),
    /** A query cannot be answered as it stands. */
    INVALID_QUERY(Retry.NEVER, Severity.ERROR),
    /** JSON from outside is malformed. */
    INVALID_JSON(Retry.NEVER, Severity.ERROR),
    /** The options, or the JVM's own, do not allow what is asked. */
    INVALID_CONFIG(Retry.NEVER, Severity.ERROR),
    /** Something is larger or more than its limit. */
    LIMIT_EXCEEDED(Retry.NEVER, Severity.ERROR),
    /** The record, vault or file does not exist. */
    NOT_FOUND(Retry.NEVER, Severity.INFO),
    /** A compaction has let go of the history that the answer needs. */
    HISTORY_GONE(Retry.NEVER, Severity.WARNING),
    /** It exists already. */
    EXISTS(Retry.NEVER, Severity.INFO),
    /** The store, cursor or handle has been closed. */
    CLOSED(Retry.NEVER, Severity.INFO),
    /** The store takes no writes. */
    READ_ONLY(Retry.NEVER, Severity.INFO),
    /** More work is queued than the bound allows. */
    OVERLOADED(Retry.WITH_BACKOFF, Severity.WARNING),
    /** The answer did not come in time. */
    TIMEOUT(Retry.WITH_BACKOFF, Severity.WARNING),
    /** Another process owns the store. */
    STORE_BUSY(Retry.WITH_BACKOFF, Severity.WARNING),
    /** A peer cannot be reached, or the connection broke. */
    CONNECTION(Retry.WITH_BACKOFF, Severity.WARNING),
    /** The peer refused us, or we refused it: certificate, secret or membership. */
    FORBIDDEN(Retry.NEVER, Severity.CRITICAL),
    /** The device was shut out of a vault for good. */
    REVOKED(Retry.NEVER, Severity.CRITICAL),
    /** The pairing code is not the one on offer. */
    PAIRING_WRONG(Retry.NEVER, Severity.WARNING),
    /** The pairing code has paired a device already. */
    PAIRING_USED(Retry.NEVER, Severity.WARNING),
    /** The pairing code is older than it may be. */
    PAIRING_EXPIRED(Retry.NEVER, Severity.WARNING),
    /** The pairing code is void after too many wrong ones. */
    PAIRING_LOCKED(Retry.NEVER, Severity.WARNING),
    /** Two stores with the same operations hold different states. */
    DIVERGED(Retry.NEVER, Severity.CRITICAL),
    /** There is no room on the disk; nothing was written. */
    DISK_FULL(Retry.WITH_BACKOFF, Severity.CRITICAL),
    /** A write or force failed; writes are refused until the store is reopened. */
    IO_FAILED(Retry.AFTER_REOPEN, Severity.CRITICAL),
    /** Bytes on the disk are not what was written. */
    CORRUPT(Retry.NEVER, Severity.CRITICAL),
    /** Bytes on the disk were changed by somebody who does not have the key. */
    TAMPERED(Retry.NEVER, Severity.CRITICAL),
    /** The key given is not the store's. */
    WRONG_KEY(Retry.NEVER, Severity.CRITICAL),
    /** The store is sealed, and no key was given. */
    KEY_MISSING(Retry.NEVER, Severity.CRITICAL),
    /** A key was given, and the store is not sealed. */
    NOT_ENCRYPTED(Retry.NEVER, Severity.CRITICAL),
    /** Where the key should come from gives none. */
    KEY_SOURCE(Retry.NEVER, Severity.CRITICAL),
    /** What was given as a key is none: mistyped, or cut. */
    KEY_MALFORMED(Retry.NEVER, Severity.CRITICAL),
    /** A key would be too easy to guess. */
    KEY_WEAK(Retry.NEVER, Severity.CRITICAL),
    /** The directory is something else than a store. */
    NOT_A_STORE(Retry.NEVER, Severity.ERROR),
    /** The operating system does not let us read or write. */
    PERMISSIONS(Retry.NEVER, Severity.ERROR),
    /** Written by a newer version of Loam. */
    FORMAT_VERSION(Retry.NEVER, Severity.ERROR),
    /** One of Loam's own checks failed. */
    BUG(Retry.NEVER, Severity.CRITICAL);

    /** Whether the same call may succeed later. */
    public enum Retry {
        NEVER,
        WITH_BACKOFF,
        AFTER_REOPEN
    }

    /** How much it matters to whoever runs the store. */
    public enum Severity {
        INFO,
        WARNING,
        ERROR,
        CRITICAL
    }

    private final Retry retry;
    private final Severity severity;

    ErrorCode(Retry retry, Severity severity) {
        this.retry = retry;
        this.severity = severity;
    }

    public Retry retry() {
        return retry;
    }

    public Severity severity() {
        return severity;
    }
}

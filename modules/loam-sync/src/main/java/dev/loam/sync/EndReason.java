package dev.loam.sync;

import java.util.Optional;

/** Why a session ended. Names and codes never change their meaning. */
public enum EndReason {
    /** Each side has everything that the other had when the session began, durably. */
    DONE(0),
    /** The store is being closed. */
    SHUTDOWN(1),
    /** The peer owed something and nothing came for 30 seconds. */
    STALLED(2),
    /** The link broke. */
    CONNECTION(3),
    /** A store could not read or write; it needs a look, or a reopen. */
    STORE_FAILED(4),
    /** A batch is stamped too far in the receiver's future. */
    CLOCK_AHEAD(5),
    /** One actor has two histories: a store was copied, restored or rolled back. */
    FORK(6),
    /** The same batches gave two states. */
    DIVERGED(7),
    /** A side does not let the other in, or an author does not belong to the vault. */
    REFUSED(8),
    /** The peer speaks another version of the protocol. */
    VERSION(9),
    /** A batch holds something that only a newer version may apply. */
    UPGRADE_REQUIRED(10),
    /** A batch is covered by no seal, or its author did not sign it. */
    BAD_SEAL(11),
    /** More came than the bounds allow. */
    LIMIT_EXCEEDED(12),
    /** Bytes that are no frame, or a frame out of turn. */
    PROTOCOL(13),
    /** A person or a rule put this peer off. */
    PAUSED(14),
    /** What was announced is more than a side's budget of bytes. */
    DEFERRED(15),
    /** What others have seen of an author is kept from this side. */
    WITHHELD(16),
    /** A batch is under a key that this side was not given. */
    EPOCH_MISSING(17),
    /** A side was away for longer than the other keeps what it lacks. */
    REBASE_REQUIRED(18),
    /** A member sent what its author must have seen to be settled. */
    BELOW_HORIZON(19),
    /** A cut is not what its author's context gives. */
    BAD_CUT(20),
    /** This device was shut out. */
    REVOKED(21),
    /** A side is in none of the vaults of the other. */
    NOT_A_MEMBER(22);

    private final int code;

    EndReason(int code) {
        this.code = code;
    }

    /** As in an END frame. */
    int code() {
        return code;
    }

    static Optional<EndReason> ofCode(int code) {
        for (EndReason reason : values()) {
            if (reason.code == code) {
                return Optional.of(reason);
            }
        }
        return Optional.empty();
    }
}

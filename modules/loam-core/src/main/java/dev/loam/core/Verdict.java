package dev.loam.core;

/** What becomes of a batch at the gate. */
public sealed interface Verdict {
    /**
     * It may be appended and applied.
     *
     * @param hash of its author's chain with it
     */
    record Apply(ChainHash hash) implements Verdict {}

    /** It has been applied before: there is nothing to do. */
    record Duplicate() implements Verdict {}

    /** It may be applied later; nothing is wrong with it. */
    record Park(ParkReason reason) implements Verdict {}

    /** It is never applied. */
    record Refuse(RefuseReason reason, String why) implements Verdict {}

    /** What a parked batch waits for. */
    enum ParkReason {
        /** An earlier batch of its author. */
        GAP,
        /** Batches of others that its author had applied. */
        DEPS,
        /** Its stamp is further ahead of this device's clock than clocks may differ. */
        CLOCK,
        /** Its author is excluded here; a batch that a member builds on it lets it pass. */
        EXCLUDED,
        /** Contexts of batches above the horizon, which this store cannot tell. */
        HISTORY
    }

    /** What is wrong with a refused batch. */
    enum RefuseReason {
        /** It builds on another history of some actor than the one known here. */
        FORK,
        /** Nobody let its author in. */
        NOT_ENROLLED,
        /** It holds an operation of a newer Loam that must not be passed over. */
        UPGRADE_REQUIRED,
        /**
         * Its author had not seen what everybody has acknowledged: no member writes such a batch.
         */
        BELOW_HORIZON,
        /** It settles something else than its context allows. */
        BAD_CUT,
        /** The store itself is excluded, or stood with somebody excluded: it takes nothing more. */
        REBASE,
        /** No correct device writes such a batch. */
        PROTOCOL
    }
}

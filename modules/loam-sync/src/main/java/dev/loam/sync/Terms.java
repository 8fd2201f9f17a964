package dev.loam.sync;

import dev.loam.core.Invariant;

/**
 * On which terms this side enters a session.
 *
 * @param bytesMax how many bytes of batches may be announced, both ways together, from 1
 */
public record Terms(Mode mode, Scope scope, long bytesMax) {
    /** Everything, once, however much it is. */
    public static final Terms ONCE = new Terms(Mode.ONCE, Scope.ALL, Long.MAX_VALUE);

    /** What follows once both sides have everything. */
    public enum Mode {
        /** The session is done. */
        ONCE,
        /** The session goes on with what is written from then on, if both sides want that. */
        LIVE
    }

    /** What the peer may send. */
    public enum Scope {
        /** Every vault that this side is in, those included of which it has never heard. */
        ALL,
        /** Only the vaults that this side's summary lists. */
        LISTED
    }

    public Terms {
        Invariant.check(bytesMax > 0, "A budget of {0} bytes", bytesMax);
    }

    /** Whether both sides stay once all is exchanged. */
    boolean isLiveWith(There there) {
        return mode == Mode.LIVE && there.mode() == Mode.LIVE;
    }
}

package dev.loam;

/** Told how far a sync session is. Called on the session's thread: return quickly. */
@FunctionalInterface
public interface SyncProgress {
    /** Tells nobody. */
    SyncProgress NONE = (durableBatches, movedBytes, total) -> {};

    /**
     * @param durableBatches that both sides have now, of {@code total}
     * @param movedBytes that were sent or received, of {@code total}
     * @param total what both sides announced, exactly; in a live session it grows with each news
     */
    void at(long durableBatches, long movedBytes, SyncAmount total);
}

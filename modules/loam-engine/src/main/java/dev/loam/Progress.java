package dev.loam;

/** Told how far a long operation is. Called on the thread that does the work: return quickly. */
@FunctionalInterface
public interface Progress {
    /** Tells nobody. */
    Progress NONE = (done, total) -> {};

    /**
     * @param done units finished
     * @param total units in all, or 0 where that is not known yet
     */
    void at(long done, long total);
}

package dev.loam;

/**
 * What has happened to a write when the call that made it returns. At each level it is whole,
 * visible, and survives the end of the process, however sudden: nothing acknowledged is lost by a
 * kill. The levels differ in what survives a power cut or a crash of the operating system, and in
 * what opening the store costs afterwards. What is left after either is always a first part of the
 * writes in the order in which they were answered, without a gap.
 *
 * <p>The level is no property of the store: each opening chooses one.
 */
public enum Durability {
    /**
     * The write stands in the log. A power cut may take what came after the last {@link
     * Loam#flush}. Costs no wait for the disk. What leaves the store is made durable before it
     * leaves: a peer is never told of a write that a power cut could still take.
     */
    NONE,

    /**
     * And the disk was told to keep it: it survives a power cut. Costs a force of the disk, which
     * all writes that wait at that moment share.
     */
    WAL,

    /**
     * And the index was committed with it: opening the store after a crash replays nothing that was
     * acknowledged. Costs, beside the force of {@link #WAL}, a commit of the index, again one for
     * all writes that wait at that moment.
     */
    FULL
}

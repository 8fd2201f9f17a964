package dev.loam;

/**
 * How much one side of a sync session announced, before any of it moved.
 *
 * @param bytes of the batches as their authors encoded them; what goes over the wire is a little
 *     more
 */
public record SyncAmount(long batches, long operations, long bytes) {
    public static final SyncAmount NOTHING = new SyncAmount(0, 0, 0);
}

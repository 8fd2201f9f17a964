package dev.loam;

/**
 * What could be settled, and then pruned, if somebody had acknowledged it.
 *
 * @param bytes size of the encoded batches, as far as they are in the log
 */
public record Unsettled(long batches, long operations, long bytes) {
    public static final Unsettled NONE = new Unsettled(0, 0, 0);

    public boolean isNone() {
        return batches == 0;
    }

    Unsettled plus(Unsettled other) {
        return new Unsettled(
                batches + other.batches, operations + other.operations, bytes + other.bytes);
    }
}

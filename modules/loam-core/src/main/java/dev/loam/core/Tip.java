package dev.loam.core;

/**
 * How far an actor's chain is known.
 *
 * @param sequence number of the last batch
 * @param counter counter of that batch's last operation
 */
public record Tip(long sequence, long counter) {
    public static final Tip NONE = new Tip(0, 0);
}

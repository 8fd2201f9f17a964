package dev.loam.core;

/**
 * Where an operation comes from and what its author knew.
 *
 * @param context what the author had applied just before the operation's batch
 */
public record Origin(Dot dot, Stamp stamp, VersionVector context) {
    /** Whether the author had applied the other operation, its own earlier ones included. */
    public boolean saw(Dot other) {
        return other.actor().equals(dot.actor())
                ? other.counter() < dot.counter()
                : context.covers(other);
    }
}

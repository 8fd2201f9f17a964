package dev.loam.crypto;

/** Who can open a sealed stream. What it holds stays the caller's to close. */
public sealed interface Recipients {
    /** Whoever has this secret, which is asked for nothing else. */
    record Holder(SlotSecret secret) implements Recipients {}

    /**
     * Whoever can open the store: with any secret of its slots, on any machine, and without its
     * files; and the store itself, as long as its master key is that one.
     */
    record Store(MasterKey key) implements Recipients {}
}

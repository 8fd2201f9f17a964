package dev.loam.sync;

import java.util.List;

/** Where a session stands after an input, and what is to be done now, in this order. */
public record Step(SyncSession next, List<SyncEffect> effects) {
    public Step {
        effects = List.copyOf(effects);
    }
}

package dev.loam;

import dev.loam.core.VaultState;

/** What a store wrote, and others can never take as it is. */
final class SetAside {
    private SetAside() {}

    static void collect(Store store, VaultState taken) {}
}

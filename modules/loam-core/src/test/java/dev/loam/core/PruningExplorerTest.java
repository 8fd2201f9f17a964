package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.PruningWorld.Kind;
import org.junit.jupiter.api.Test;

/** The rules of pruning hold in every short history. */
class PruningExplorerTest {
    /** Larger at night. */
    private static final long STATES_MAX = Long.getLong("loam.explorer.states", 4_000);

    private static void holds(PruningWorld start, Kind... writes) {
        PruningExplorer explorer = new PruningExplorer(new PruningRules(), writes);
        explorer.explore(start, STATES_MAX);
        System.out.println(explorer.states() + " " + explorer.cuts());
        assertThat(explorer.cuts()).isPositive();
    }

    @Test
    void updatesAndDeletes() {
        holds(PruningWorld.start(3, 3, 2, 2, 1), Kind.SET_A, Kind.DELETE);
    }
}

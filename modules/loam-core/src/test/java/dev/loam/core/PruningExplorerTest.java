package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.PruningWorld.Kind;
import org.junit.jupiter.api.Test;

/** The rules of pruning hold in every short history. */
class PruningExplorerTest {
    /** Histories within each budget; -Dloam.explorer.states=10000000 walks them all. */
    private static final long STATES_MAX = Long.getLong("loam.explorer.states", 4_000);

    private static void holds(PruningWorld start, Kind... writes) {
        PruningExplorer explorer = new PruningExplorer(new PruningRules(), writes);
        explorer.explore(start, STATES_MAX);
        assertThat(explorer.cuts()).isPositive();
    }

    @Test
    void updatesAndDeletes() {
        holds(PruningWorld.start(3, 3, 2, 2, 1), Kind.SET_A, Kind.DELETE);
    }

    @Test
    void elementsAndVectors() {
        holds(
                PruningWorld.start(2, 2, 3, 3, 2),
                Kind.ADD,
                Kind.REMOVE_ELEMENT,
                Kind.EMBED,
                Kind.DELETE);
    }

    @Test
    void purges() {
        holds(PruningWorld.start(3, 3, 3, 2, 1), Kind.SET_A, Kind.PURGE);
    }

    @Test
    void suspensions() {
        holds(PruningWorld.start(3, 3, 1, 2, 1, 2), Kind.SET_A);
    }

    @Test
    void retirements() {
        holds(PruningWorld.start(3, 3, 1, 2, 1, 0, 0, 1), Kind.SET_A);
    }

    @Test
    void enrolments() {
        holds(PruningWorld.start(3, 2, 2, 2, 1, 1, 1), Kind.SET_A, Kind.DELETE);
    }

    /** A device begins anew: the batch that lets it in excludes what it was. */
    @Test
    void replacements() {
        holds(PruningWorld.start(4, 3, 1, 2, 1, 0, 0, 0, 1), Kind.SET_A);
        holds(PruningWorld.start(4, 2, 2, 2, 1, 1, 0, 0, 2), Kind.SET_A);
    }
}

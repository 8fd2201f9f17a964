package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.VaultId;
import dev.loam.core.VersionVector;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What authors had applied with some of their batches: places from which the contexts of later ones
 * are computed without reading a chain from its beginning. Derived, and lost with the process. Used
 * by the writer thread alone.
 */
final class ContextMarks {
    /** Batches of an actor between two marks, as far as reading comes by. */
    static final int SPACING = 1_024;

    /** Marks kept of an actor; of more every second one goes. */
    private static final int MARKS_MAX = 64;

    private final Map<VaultId, Map<ActorId, NavigableMap<Long, VersionVector>>> marks =
            new TreeMap<>();

    /** Of the vaults of which batches are gone, all before those can be computed no more. */
    void begin(States.Vaults letGo) {
        for (VaultId vault : letGo.state().vaults().keySet()) {
            marks.remove(vault);
            letGo.contextsOf(vault)
                    .forEach(
                            (actor, context) ->
                                    put(vault, actor, context.get(actor).sequence(), context));
        }
    }

    void put(VaultId vault, ActorId actor, long sequence, VersionVector context) {
        NavigableMap<Long, VersionVector> chain =
                marks.computeIfAbsent(vault, absent -> new TreeMap<>())
                        .computeIfAbsent(actor, absent -> new TreeMap<>());
        chain.put(sequence, context);
        if (chain.size() > MARKS_MAX) {
            boolean[] odd = new boolean[1];
            long first = chain.firstKey();
            // The first may be what a compaction left, which nothing else can tell.
            chain.keySet().removeIf(each -> each != first && (odd[0] = !odd[0]));
        }
    }

    /** The last mark at or before a batch. */
    Optional<Map.Entry<Long, VersionVector>> before(VaultId vault, ActorId actor, long sequence) {
        return Optional.ofNullable(marks.get(vault))
                .map(actors -> actors.get(actor))
                .map(chain -> chain.floorEntry(sequence));
    }
}

package dev.loam.sync;

import dev.loam.core.ActorId;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What of a vault's history a store need not have any more, and does not take any more. Immutable.
 *
 * @param horizon per actor the number of its last batch that is settled here, closed actors
 *     included: of those through it raw batches may be gone, and all of them have been applied
 * @param excluded actors of which nothing more is taken
 * @param want how the store wants to be brought up to date
 */
public record HistoryBounds(
        SortedMap<ActorId, Long> horizon, SortedSet<ActorId> excluded, Want want) {
    /** Of a vault in which nothing was ever settled. */
    public static final HistoryBounds NONE =
            new HistoryBounds(new TreeMap<>(), new TreeSet<>(), Want.MISSING);

    /** How a store is brought up to date. */
    public enum Want {
        /** By the batches that it lacks, as long as the peer has them all. */
        MISSING,
        /** By a snapshot: what it holds is to be replaced, and counts as nothing. */
        SNAPSHOT
    }

    public HistoryBounds {
        horizon = Collections.unmodifiableSortedMap(new TreeMap<>(horizon));
        excluded = Collections.unmodifiableSortedSet(new TreeSet<>(excluded));
    }

    /** A vault that a snapshot is to replace. */
    public static HistoryBounds wantingSnapshot() {
        return new HistoryBounds(new TreeMap<>(), new TreeSet<>(), Want.SNAPSHOT);
    }

    /** Whether whoever has {@code applied}, per actor, has all that is settled. */
    boolean isCoveredBy(Map<ActorId, Long> applied) {
        return horizon.entrySet().stream()
                .allMatch(entry -> applied.getOrDefault(entry.getKey(), 0L) >= entry.getValue());
    }
}

package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.VaultId;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the peer is known to have or to be about to get: from its HELLO, from what either side
 * announced since.
 */
record There(
        Terms.Mode mode,
        Terms.Scope scope,
        SortedMap<VaultId, SortedMap<ActorId, Long>> vaults,
        SortedMap<VaultId, SortedSet<ActorId>> excluded) {
    static final There UNKNOWN =
            new There(Terms.Mode.ONCE, Terms.Scope.ALL, new TreeMap<>(), new TreeMap<>());

    There {
        vaults = Collections.unmodifiableSortedMap(new TreeMap<>(vaults));
        excluded = Collections.unmodifiableSortedMap(new TreeMap<>(excluded));
    }

    static There of(Frame.Hello hello) {
        TreeMap<VaultId, SortedMap<ActorId, Long>> vaults = new TreeMap<>();
        TreeMap<VaultId, SortedSet<ActorId>> excluded = new TreeMap<>();
        hello.vaults()
                .forEach(
                        (vault, standing) -> {
                            vaults.put(vault, standing.applied());
                            excluded.put(vault, standing.bounds().excluded());
                        });
        return new There(hello.mode(), hello.scope(), vaults, excluded);
    }

    There once() {
        return new There(Terms.Mode.ONCE, scope, vaults, excluded);
    }

    /** Of whom the peer takes nothing more. */
    boolean excludes(VaultId vault, ActorId actor) {
        return excluded.getOrDefault(vault, new TreeSet<>()).contains(actor);
    }

    /** What of {@code local} the peer lacks and takes. */
    VaultRanges missing(LocalSummary local) {
        VaultRanges missing = VaultRanges.NONE;
        for (VaultSummary summary : local.vaults().values()) {
            VaultId vault = summary.vault();
            if (scope == Terms.Scope.ALL || vaults.containsKey(vault)) {
                missing =
                        missing.with(
                                vault, BatchRanges.between(frontier(vault), summary.frontier()));
            }
        }
        return missing;
    }

    There with(VaultRanges announced) {
        TreeMap<VaultId, SortedMap<ActorId, Long>> all = new TreeMap<>(vaults);
        announced
                .vaults()
                .forEach(
                        (vault, ranges) -> {
                            TreeMap<ActorId, Long> reached = new TreeMap<>(frontier(vault));
                            ranges.ranges()
                                    .forEach(
                                            (actor, range) ->
                                                    reached.merge(
                                                            actor, range.through(), Math::max));
                            all.put(vault, reached);
                        });
        return new There(mode, scope, all, excluded);
    }

    private Map<ActorId, Long> frontier(VaultId vault) {
        return vaults.getOrDefault(vault, new TreeMap<>());
    }
}

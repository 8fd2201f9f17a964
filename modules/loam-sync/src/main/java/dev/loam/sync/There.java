package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.VaultId;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the peer is known to have or to be about to get: from its HELLO, from what either side
 * announced since.
 */
record There(
        Terms.Mode mode, Terms.Scope scope, SortedMap<VaultId, SortedMap<ActorId, Long>> vaults) {
    static final There UNKNOWN = new There(Terms.Mode.ONCE, Terms.Scope.ALL, new TreeMap<>());

    There {
        vaults = Collections.unmodifiableSortedMap(new TreeMap<>(vaults));
    }

    static There of(Frame.Hello hello) {
        TreeMap<VaultId, SortedMap<ActorId, Long>> vaults = new TreeMap<>();
        hello.vaults().forEach((vault, standing) -> vaults.put(vault, standing.applied()));
        return new There(hello.mode(), hello.scope(), vaults);
    }

    There once() {
        return new There(Terms.Mode.ONCE, scope, vaults);
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
        return new There(mode, scope, all);
    }

    private Map<ActorId, Long> frontier(VaultId vault) {
        return vaults.getOrDefault(vault, new TreeMap<>());
    }
}

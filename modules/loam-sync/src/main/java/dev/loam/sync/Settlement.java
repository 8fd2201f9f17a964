package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.VaultId;
import dev.loam.sync.Frame.Standing;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What two HELLOs say about batches that are settled, and perhaps gone. Both sides ask the same of
 * the same two, and come to the same.
 */
final class Settlement {
    private Settlement() {}

    /** The vaults of which {@code who} takes a snapshot that {@code whose} makes. */
    static SortedSet<VaultId> snapshots(Frame.Hello who, Frame.Hello whose) {
        SortedSet<VaultId> snapshots = new TreeSet<>();
        for (VaultId vault : whose.vaults().keySet()) {
            boolean isTaken = who.scope() == Terms.Scope.ALL || who.vaults().containsKey(vault);
            Standing there = whose.standing(vault);
            if (isTaken && !there.heads().isEmpty() && isDue(who.standing(vault), there)) {
                snapshots.add(vault);
            }
        }
        return snapshots;
    }

    private static boolean isDue(Standing here, Standing there) {
        return here.wantsSnapshot() || isBelow(here, there);
    }

    private static boolean isBelow(Standing here, Standing there) {
        return !there.bounds().isCoveredBy(here.applied());
    }

    /**
     * The vaults of which {@code who} has written what {@code whose} can never take: first it must
     * set that aside, and take a snapshot. And those of which both want one, which nobody makes.
     */
    static SortedSet<VaultId> rebases(Frame.Hello who, Frame.Hello whose) {
        SortedSet<VaultId> rebases = new TreeSet<>();
        for (VaultId vault : who.vaults().keySet()) {
            Standing here = who.standing(vault);
            Standing there = whose.standing(vault);
            boolean stands = mustRebase(there, here) && stands(here, there);
            boolean wantBoth = here.wantsSnapshot() && there.wantsSnapshot();
            if (wantBoth || (mustRebase(here, there) && !stands)) {
                rebases.add(vault);
            }
        }
        return rebases;
    }

    private static boolean mustRebase(Standing here, Standing there) {
        if (here.wantsSnapshot() || there.wantsSnapshot()) {
            return false;
        }
        boolean hasMore =
                here.heads().keySet().stream().anyMatch(actor -> isAhead(here, there, actor));
        boolean wroteExcluded =
                here.own().stream()
                        .filter(there.bounds().excluded()::contains)
                        .anyMatch(actor -> isAhead(here, there, actor));
        return wroteExcluded || (hasMore && isBelow(here, there));
    }

    /**
     * Of two that have excluded each other, unknown to each other, one has to give way: the one
     * that writes as the greater actor. Who writes as nobody does.
     */
    private static boolean stands(Standing here, Standing there) {
        return !here.own().isEmpty()
                && (there.own().isEmpty() || here.own().first().compareTo(there.own().first()) < 0);
    }

    private static boolean isAhead(Standing here, Standing there, ActorId actor) {
        return here.frontier().getOrDefault(actor, 0L) > there.applied().getOrDefault(actor, 0L);
    }
}

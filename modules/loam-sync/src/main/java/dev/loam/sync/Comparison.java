package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.VaultId;
import dev.loam.sync.Frame.Head;
import dev.loam.sync.Frame.Standing;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What two HELLOs mean for each other. Both sides compare the same two, so that what one finds
 * missing is exactly what the other finds to send.
 *
 * @param vaults listed by either side
 * @param receive per vault what we lack; only vaults of which we lack anything
 * @param send likewise what the other lacks
 */
record Comparison(int vaults, VaultRanges receive, VaultRanges send) {

    static Comparison of(Frame.Hello ours, Frame.Hello theirs) {
        SortedSet<VaultId> vaults = new TreeSet<>(ours.vaults().keySet());
        vaults.addAll(theirs.vaults().keySet());
        return new Comparison(vaults.size(), missing(ours, theirs), missing(theirs, ours));
    }

    /** Where the peer stands in chains of which it lacks {@code ranges}, and holds a beginning. */
    static SortedMap<VaultId, SortedMap<ActorId, Bytes>> headsBefore(
            VaultRanges ranges, Frame.Hello theirs) {
        SortedMap<VaultId, SortedMap<ActorId, Bytes>> heads = new TreeMap<>();
        for (VaultId vault : ranges.vaults().keySet()) {
            SortedMap<ActorId, Bytes> known = new TreeMap<>();
            SortedMap<ActorId, Head> all = theirs.standing(vault).heads();
            for (ActorId actor : ranges.of(vault).ranges().keySet()) {
                if (all.containsKey(actor)) {
                    known.put(actor, all.get(actor).hashPrefix());
                }
            }
            if (!known.isEmpty()) {
                heads.put(vault, known);
            }
        }
        return heads;
    }

    /** Why these two stores must not exchange anything, if so. */
    static Optional<EndReason> obstacle(LocalSummary local, Frame.Hello theirs) {
        for (VaultSummary summary : local.vaults().values()) {
            if (hasFork(summary, theirs.standing(summary.vault()))) {
                return Optional.of(EndReason.FORK);
            }
        }
        Frame.Hello ours = Frame.Hello.of(local);
        boolean mustRebase =
                !Settlement.rebases(ours, theirs).isEmpty()
                        || !Settlement.rebases(theirs, ours).isEmpty();
        return mustRebase ? Optional.of(EndReason.REBASE_REQUIRED) : Optional.empty();
    }

    /** The first vault of which the same batches gave two states. */
    static Optional<VaultId> diverged(LocalSummary local, Frame.Hello theirs) {
        Frame.Hello ours = Frame.Hello.of(local);
        return ours.vaults().keySet().stream()
                .filter(vault -> hasDiverged(ours.standing(vault), theirs.standing(vault)))
                .findFirst();
    }

    private static VaultRanges missing(Frame.Hello who, Frame.Hello whose) {
        VaultRanges missing = VaultRanges.NONE;
        SortedSet<VaultId> snapshots = Settlement.snapshots(who, whose);
        snapshots.addAll(Settlement.snapshots(whose, who));
        for (VaultId vault : whose.vaults().keySet()) {
            boolean isTaken = who.scope() == Terms.Scope.ALL || who.vaults().containsKey(vault);
            if (!isTaken || snapshots.contains(vault)) {
                continue;
            }
            BatchRanges ranges =
                    BatchRanges.between(
                            who.standing(vault).applied(), whose.standing(vault).frontier());
            missing = missing.with(vault, ranges);
        }
        return missing;
    }

    private static boolean hasFork(VaultSummary ours, Standing theirs) {
        return theirs.heads().entrySet().stream()
                .anyMatch(entry -> forks(ours, entry.getKey(), entry.getValue()));
    }

    private static boolean forks(VaultSummary ours, ActorId actor, Head theirs) {
        ActorHead head = ours.heads().get(actor);
        long sequence = head == null ? 0 : head.sequence();
        boolean lostOurOwn = ours.own().contains(actor) && theirs.sequence() > sequence;
        boolean otherHistory =
                head != null && theirs.sequence() == sequence && !Head.of(head).equals(theirs);
        return lostOurOwn || otherHistory;
    }

    private static boolean hasDiverged(Standing ours, Standing theirs) {
        return ours.digest().isPresent()
                && theirs.digest().isPresent()
                && !ours.digest().equals(theirs.digest())
                && ours.frontier().equals(theirs.frontier());
    }
}

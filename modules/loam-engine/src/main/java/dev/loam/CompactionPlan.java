package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.Operation;
import dev.loam.core.Part;
import dev.loam.core.Position;
import dev.loam.core.SettledContexts;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.log.LogItem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a compaction lets go of, vault by vault, and what it puts in its place. Of a vault that only
 * this device was ever in, all batches up to the cut go. Of any other those go that are settled as
 * of the cut: whoever lacks one of them takes a snapshot. What the states hold and is not settled
 * stays beside them, since another device may ask for it; so does the death of a record, until
 * nothing can come any more that has not seen it. A vault that is about to be replaced by a
 * snapshot keeps every batch, to be set aside; so does one with an operation that only a newer Loam
 * understands, which reads it again, and one of which something was forgotten that not every device
 * has said to have erased: without the purge nobody could tell.
 */
final class CompactionPlan {
    private final States.Vaults states;

    /**
     * Of the vaults whose records are written anew, the keys of those that may be dead and count.
     */
    private final SortedMap<VaultId, SortedSet<String>> folded;

    private final Map<VaultId, SortedMap<ActorId, Long>> letGo = new TreeMap<>();
    private final List<BatchId> rewritten;

    private CompactionPlan(
            States.Vaults states,
            SortedMap<VaultId, SortedSet<String>> folded,
            List<BatchId> rewritten) {
        this.states = states;
        this.folded = folded;
        this.rewritten = rewritten;
        states.state().vaults().keySet().forEach(id -> letGo.put(id, states.letGo(id)));
    }

    /**
     * Lets nothing more go, and has other bytes for some batches.
     *
     * @param states those that the log has, changed in their records alone
     */
    static CompactionPlan rewriting(States.Vaults states, List<BatchId> rewritten) {
        return new CompactionPlan(states, new TreeMap<>(), rewritten);
    }

    /** The batches whose bytes have become others. */
    List<BatchId> rewritten() {
        return rewritten;
    }

    /** Whether somebody who needs every batch has entered a vault of which all are let go. */
    boolean isSharedIn(StoreState now) {
        return letGoWholly().stream().anyMatch(vault -> !isOursAlone(now.vault(vault)));
    }

    /** What is written in place of what is let go. */
    States.Vaults states() {
        return states;
    }

    SortedMap<VaultId, SortedSet<String>> folded() {
        return folded;
    }

    /** The vaults of which the states of before stay. */
    Set<VaultId> carried() {
        Set<VaultId> carried = new TreeSet<>(states.state().vaults().keySet());
        carried.removeAll(folded.keySet());
        return carried;
    }

    /** The vaults of which every batch goes that is in their states. */
    private Set<VaultId> letGoWholly() {
        Set<VaultId> wholly = new TreeSet<>(folded.keySet());
        wholly.removeAll(states.settled().keySet());
        return wholly;
    }

    boolean isLetGo(BatchId id) {
        SortedMap<ActorId, Long> vault = letGo.get(id.vault());
        return vault != null && id.sequence() <= vault.getOrDefault(id.actor(), 0L);
    }

    /**
     * Whether nobody else can need batches of the vault: only this device is in it, and was. It
     * lets others in by the writer's thread, and settles before what was let go.
     */
    static boolean isOursAlone(VaultState vault) {
        return vault.actors().size() == 1 && vault.closed().isEmpty();
    }

    /**
     * @param folded the vaults as of {@code cut}
     * @param before what the log has in place of its first batches
     */
    static CompactionPlan of(
            Store store, Position cut, StoreState folded, Optional<States.Vaults> before) {
        States.Vaults old = before.orElse(States.Vaults.NONE);
        Map<VaultId, Candidate> candidates = new TreeMap<>();
        for (VaultState vault : folded.vaults().values()) {
            candidate(store, vault, old).ifPresent(each -> candidates.put(vault.id(), each));
        }
        survey(store, candidates);
        SortedMap<VaultId, VaultState> vaults = new TreeMap<>(old.state().vaults());
        SortedMap<VaultId, SettledContexts> settled = new TreeMap<>(old.settled());
        SortedMap<VaultId, SortedSet<String>> keys = new TreeMap<>();
        candidates.forEach(
                (id, candidate) -> {
                    if (candidate.isSound()) {
                        vaults.put(id, candidate.vault);
                        keys.put(id, candidate.touched);
                        candidate.chains.ifPresent(each -> settled.put(id, each.contexts()));
                    }
                });
        StoreState state = StoreState.EMPTY.with(vaults, folded.dimensions());
        return new CompactionPlan(
                new States.Vaults(cut, state, old.adopted(), settled), keys, List.of());
    }

    private static Optional<Candidate> candidate(
            Store store, VaultState vault, States.Vaults before) {
        VaultState now = store.state().vault(vault.id());
        if (ForgetReceipts.areAwaited(store, now)) {
            return Optional.empty();
        }
        boolean isWhole = before.settled().containsKey(vault.id());
        if (isOursAlone(now) && !isWhole) {
            return Optional.of(new Candidate(vault, Optional.empty()));
        }
        boolean mayRebase = ControlBatch.author(store, now).isEmpty();
        return mayRebase || vault.horizon().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Candidate(
                                vault, Optional.of(new SettledChains(vault, Optional.of(before)))));
    }

    private static void survey(Store store, Map<VaultId, Candidate> candidates) {
        if (candidates.isEmpty()) {
            return;
        }
        try (LogWalk walk = LogWalk.after(store.log(), Position.START)) {
            while (walk.hasNext()) {
                if (walk.next() instanceof LogItem.Entry(Position _, Bytes payload)) {
                    LogEntry entry = LogEntry.decode(payload);
                    Candidate candidate = candidates.get(entry.id().vault());
                    if (candidate != null) {
                        candidate.take(entry);
                    }
                }
            }
        }
    }

    /** A vault of which something may be let go. */
    private static final class Candidate {
        private final VaultState vault;

        /** Empty if all goes that the state holds. */
        private final Optional<SettledChains> chains;

        private final SortedSet<String> touched = new TreeSet<>();
        private boolean holdsUnknown;

        Candidate(VaultState vault, Optional<SettledChains> chains) {
            this.vault = vault;
            this.chains = chains;
        }

        void take(LogEntry entry) {
            BatchId id = entry.id();
            boolean isInState =
                    vault.actor(id.actor())
                                    .filter(author -> id.sequence() <= author.tip().sequence())
                                    .isPresent()
                            || vault.closed().containsKey(id.actor());
            if (!isInState) {
                return;
            }
            Batch batch = BatchCodec.decode(entry.batch());
            holdsUnknown |= holdsUnknown(batch);
            if (chains.isPresent() && chains.get().isSettled(id)) {
                chains.get().take(entry);
            } else if (chains.isPresent()) {
                batch.parts().stream()
                        .filter(part -> !part.isControl())
                        .map(Part::key)
                        .forEach(touched::add);
            }
        }

        private static boolean holdsUnknown(Batch batch) {
            return batch.parts().stream()
                    .flatMap(part -> part.operations().stream())
                    .anyMatch(
                            operation ->
                                    operation instanceof Operation.Unknown
                                            || operation instanceof Operation.UnknownControl);
        }

        boolean isSound() {
            return !holdsUnknown && chains.map(each -> each.contexts().fit(vault)).orElse(true);
        }
    }
}

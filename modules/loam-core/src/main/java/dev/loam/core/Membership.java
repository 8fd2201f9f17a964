package dev.loam.core;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one actor, at some point of a vault's history, knows of who is in, who is excluded, and what
 * each has acknowledged: all that the stable cut is computed from.
 *
 * <p>The cut is the meet of the acknowledgements of all that entered but those in the largest set E
 * of excluded actors such that each of the others has acknowledged an exclusion of each in E. Until
 * then somebody may still have taken batches of the excluded actor, and somebody may have built on
 * them. It is not enough to ask the members alone: of two that are excluded at about the same time
 * each may have believed the other.
 */
final class Membership {
    private final Roster roster;
    private final VersionVector context;
    private final SortedMap<ActorId, VersionVector> acks;
    private final Exactness exactness;

    /** Whether a membership of the past is known as it was. */
    private enum Exactness {
        AS_IT_WAS,
        AT_MOST
    }

    private Membership(
            Roster roster,
            VersionVector context,
            SortedMap<ActorId, VersionVector> acks,
            Exactness exactness) {
        this.roster = roster;
        this.context = context;
        this.acks = acks;
        this.exactness = exactness;
    }

    /** What {@code self} knows now. */
    static Membership now(Roster roster, ActorId self) {
        SortedMap<ActorId, VersionVector> acks = new TreeMap<>();
        roster.actors().forEach((actor, state) -> acks.put(actor, state.ack()));
        VersionVector frontier = roster.frontier();
        acks.put(self, frontier);
        return new Membership(roster, frontier, acks, Exactness.AS_IT_WAS);
    }

    /**
     * What {@code self} knew when it had applied {@code context}, all of which has been applied
     * here. Where a batch at or below the horizon is no longer known, the present acknowledgement
     * stands for the one of then: the cut is too great at most.
     *
     * @return empty if the history does not tell the context of a batch above the horizon
     */
    static Optional<Membership> then(
            Roster roster, VersionVector context, ActorId self, ChainHistory history) {
        SortedMap<ActorId, VersionVector> acks = new TreeMap<>();
        Exactness exactness = roster.closed().isEmpty() ? Exactness.AS_IT_WAS : Exactness.AT_MOST;
        for (Map.Entry<ActorId, ActorState> entry : roster.actors().entrySet()) {
            ActorId actor = entry.getKey();
            ActorState state = entry.getValue();
            if (!roster.covers(context, state.enrolled())) {
                continue;
            }
            long sequence = context.get(actor).sequence();
            Optional<VersionVector> ack =
                    actor.equals(self)
                            ? Optional.of(context)
                            : ackAt(actor, state, sequence, history);
            if (ack.isEmpty() && sequence <= roster.horizon().get(actor).sequence()) {
                exactness = Exactness.AT_MOST;
                ack = Optional.of(state.ack());
            }
            if (ack.isEmpty()) {
                return Optional.empty();
            }
            acks.put(actor, ack.get());
        }
        return Optional.of(new Membership(roster, context, acks, exactness));
    }

    /**
     * What an actor had acknowledged with its batch number {@code sequence}; 0 before the first.
     * Empty where that is not known, as of an enrolment that has been settled.
     */
    private static Optional<VersionVector> ackAt(
            ActorId actor, ActorState state, long sequence, ChainHistory history) {
        if (sequence == state.tip().sequence()) {
            return Optional.of(state.ack());
        }
        return sequence == 0
                ? Optional.of(state.enrolled()).filter(enrolled -> !enrolled.isEmpty())
                : history.context(actor, sequence);
    }

    /** Whether this is all as it was, or acknowledgements may be later ones. */
    boolean isExact() {
        return exactness == Exactness.AS_IT_WAS;
    }

    /** Of all that entered and are not closed. */
    SortedMap<ActorId, VersionVector> acks() {
        return acks;
    }

    boolean isExcluded(ActorId actor) {
        return hasExclusion(context, actor);
    }

    /** Whether an actor has acknowledged an exclusion of another. */
    boolean knowsExcluded(ActorId who, ActorId excluded) {
        VersionVector ack = acks.get(who);
        return ack != null && hasExclusion(ack, excluded);
    }

    private boolean hasExclusion(VersionVector known, ActorId actor) {
        ActorState state = roster.actors().get(actor);
        return state != null
                && state.exclusions().entrySet().stream()
                        .anyMatch(by -> roster.saw(known, by.getKey(), by.getValue()));
    }

    /** The largest set of excluded actors of whom all others know that. */
    SortedSet<ActorId> flushed() {
        SortedSet<ActorId> flushed = new TreeSet<>(acks.keySet());
        flushed.removeIf(actor -> !isExcluded(actor));
        while (flushed.removeIf(
                actor ->
                        acks.keySet().stream()
                                .anyMatch(
                                        other ->
                                                !flushed.contains(other)
                                                        && !knowsExcluded(other, actor)))) {
            // Whoever left the set must know of those that are still in it.
        }
        return flushed;
    }

    VersionVector stableCut() {
        return meetWithout(flushed());
    }

    /** What would be stable if the actor asked for nothing. */
    VersionVector stableCutWithout(ActorId actor) {
        return stableCutWithout(Set.of(actor));
    }

    /** What would be stable if these actors asked for nothing. */
    VersionVector stableCutWithout(Set<ActorId> left) {
        SortedMap<ActorId, VersionVector> others = new TreeMap<>(acks);
        others.keySet().removeAll(left);
        return new Membership(roster, context, others, exactness).stableCut();
    }

    VersionVector meetWithout(SortedSet<ActorId> left) {
        return acks.entrySet().stream()
                .filter(entry -> !left.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .reduce(VersionVector::meet)
                .orElse(VersionVector.EMPTY);
    }
}

package dev.loam.core;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who is in a vault, how far each is, and what is settled. A function of the set of batches
 * applied.
 *
 * <p>An actor is closed as soon as an exclusion of it and its last batch here are at or below the
 * horizon. Then every actor that may still write has acknowledged the exclusion, so none takes a
 * batch of it but by name; and whatever any of them had of it was acknowledged before the cut,
 * hence is here. All stores agree on its last batch, and no vector needs to name it.
 *
 * @param actors that are not closed
 * @param horizon the join of the cuts applied, closed actors included
 * @param revoked the devices that must not come back, as whatever actor
 * @param erasures what was forgotten
 */
record Roster(
        SortedMap<ActorId, ActorState> actors,
        SortedMap<ActorId, ClosedActor> closed,
        VersionVector horizon,
        SortedSet<DeviceId> revoked,
        Erasures erasures) {
    static final Roster EMPTY =
            new Roster(
                    new TreeMap<>(),
                    new TreeMap<>(),
                    VersionVector.EMPTY,
                    new TreeSet<>(),
                    Erasures.NONE);

    /** Takes over its arguments: nobody may write to them again. */
    Roster {
        actors = Collections.unmodifiableSortedMap(actors);
        closed = Collections.unmodifiableSortedMap(closed);
        revoked = Collections.unmodifiableSortedSet(revoked);
    }

    VersionVector frontier() {
        SortedMap<ActorId, Tip> tips = new TreeMap<>();
        actors.forEach(
                (actor, state) -> {
                    if (state.hasWritten()) {
                        tips.put(actor, state.tip());
                    }
                });
        return VersionVector.of(tips);
    }

    /** How far an actor is, closed or not; {@link Tip#NONE} for a stranger. */
    Tip tip(ActorId actor) {
        ActorState open = actors.get(actor);
        ClosedActor gone = closed.get(actor);
        return open != null ? open.tip() : gone != null ? gone.tip() : Tip.NONE;
    }

    /**
     * Whether who has applied {@code known} has applied that batch. What a closed actor wrote
     * everybody has.
     */
    boolean saw(VersionVector known, ActorId actor, Tip batch) {
        return closed.containsKey(actor) || known.get(actor).sequence() >= batch.sequence();
    }

    /** Whether {@code known} is at least {@code other}, closed actors aside. */
    boolean covers(VersionVector known, VersionVector other) {
        return other.tips().entrySet().stream()
                .allMatch(entry -> saw(known, entry.getKey(), entry.getValue()));
    }

    /**
     * Whether {@code known} is at least the horizon, closed actors aside. Whoever the horizon names
     * is in or closed, so those that are in are all that need be looked at.
     */
    boolean coversHorizon(VersionVector known) {
        return horizon.isEmpty()
                || actors.keySet().stream()
                        .allMatch(actor -> saw(known, actor, horizon.get(actor)));
    }

    Roster applied(BatchId id, Batch batch, ChainHash hash) {
        SortedMap<ActorId, ActorState> changed = new TreeMap<>(actors);
        VersionVector raised = horizon;
        SortedSet<DeviceId> out = revoked;
        Tip tip = batch.tip(id.sequence());
        ActorState before = changed.get(id.actor());
        VersionVector known =
                batch.contextAfter(before == null ? VersionVector.EMPTY : before.context())
                        .without(closed.keySet())
                        .with(id.actor(), tip);
        for (Operation.Control control : VaultState.controls(batch)) {
            switch (control) {
                case Operation.Found(var _, Bytes key, Bytes _) ->
                        changed.put(id.actor(), ActorState.enrolled(key, known));
                case Operation.Enrol enrol -> enrol(changed, id, enrol, known);
                case Operation.Suspend(ActorId excluded) -> exclude(changed, excluded, id, tip);
                case Operation.Revoke(ActorId excluded) -> {
                    exclude(changed, excluded, id, tip);
                    out = withDeviceOf(out, excluded);
                }
                case Operation.Retire _ -> exclude(changed, id.actor(), id, tip);
                case Operation.Ack _, Operation.Erased _, Operation.UnknownControl _ -> {}
                case Operation.Cut(VersionVector stable) -> raised = raised.join(stable);
            }
        }
        ActorState author =
                Optional.ofNullable(changed.get(id.actor()))
                        .filter(state -> state.tip().sequence() + 1 == id.sequence())
                        .orElseThrow(() -> new AssertionError(id + " has not passed the gate"));
        changed.put(id.actor(), author.advanced(tip, hash, batch.stamp(), known));
        return new Roster(changed, closed, raised, out, erasures.applied(id, batch, this)).tidied();
    }

    /** Who is excluded was met by whoever excludes it, hence is known here. */
    private SortedSet<DeviceId> withDeviceOf(SortedSet<DeviceId> devices, ActorId actor) {
        ActorState open = actors.get(actor);
        ClosedActor gone = closed.get(actor);
        SortedSet<DeviceId> more = new TreeSet<>(devices);
        if (open != null) {
            more.add(open.device());
        } else if (gone != null) {
            more.add(gone.device());
        }
        return more;
    }

    private void enrol(
            SortedMap<ActorId, ActorState> changed,
            BatchId id,
            Operation.Enrol enrol,
            VersionVector known) {
        ActorId entering =
                ActorId.of(DeviceId.of(enrol.devicePublicKey()), id.vault(), enrol.nonce());
        if (!closed.containsKey(entering)) {
            ActorState before = changed.get(entering);
            changed.put(
                    entering,
                    before == null
                            ? ActorState.enrolled(enrol.devicePublicKey(), known)
                            : before.enrolledAgain(known));
        }
        enrol.replaced()
                .ifPresent(replaced -> exclude(changed, replaced, id, known.get(id.actor())));
    }

    private static void exclude(
            SortedMap<ActorId, ActorState> changed, ActorId excluded, BatchId by, Tip at) {
        changed.computeIfPresent(excluded, (actor, state) -> state.excludedBy(by.actor(), at));
    }

    /** Without the actors that can be closed, and without enrolments that everybody knows. */
    private Roster tidied() {
        boolean leaves =
                actors.entrySet().stream()
                        .anyMatch(entry -> isSettled(entry.getKey(), entry.getValue()));
        boolean knownEnrolments = actors.values().stream().anyMatch(this::hasSettledEnrolment);
        if (!leaves && !knownEnrolments) {
            return this;
        }
        SortedMap<ActorId, ClosedActor> gone = new TreeMap<>(closed);
        actors.forEach(
                (actor, state) -> {
                    if (isSettled(actor, state)) {
                        Bytes prefix = Chain.prefix(state.hash());
                        gone.put(actor, new ClosedActor(state.device(), state.tip(), prefix));
                    }
                });
        SortedSet<ActorId> leaving = new TreeSet<>(gone.keySet());
        SortedMap<ActorId, ActorState> open = new TreeMap<>();
        actors.forEach(
                (actor, state) -> {
                    if (!gone.containsKey(actor)) {
                        VersionVector enrolled =
                                hasSettledEnrolment(state)
                                        ? VersionVector.EMPTY
                                        : state.enrolled().without(leaving);
                        open.put(
                                actor,
                                state.with(
                                        state.context().without(leaving),
                                        enrolled,
                                        state.exclusions()));
                    }
                });
        return new Roster(open, gone, horizon, revoked, erasures);
    }

    private boolean isSettled(ActorId actor, ActorState state) {
        return state.tip().sequence() <= horizon.get(actor).sequence()
                && state.exclusions().entrySet().stream()
                        .anyMatch(by -> saw(horizon, by.getKey(), by.getValue()));
    }

    private boolean hasSettledEnrolment(ActorState state) {
        return state.hasWritten()
                && !state.enrolled().isEmpty()
                && covers(horizon, state.enrolled());
    }
}

package dev.loam.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What a store has applied of a vault, records aside: who is in it and how far each is. Immutable.
 * Equal sets of batches give equal states, whatever the order in which they came.
 */
public final class VaultState {
    private final VaultId id;
    private final String name;
    private final Stamp founded;
    private final Roster roster;
    private final StateDigest digest;
    private final long records;

    VaultState(
            VaultId id,
            String name,
            Stamp founded,
            Roster roster,
            StateDigest digest,
            long records) {
        this.id = id;
        this.name = name;
        this.founded = founded;
        this.roster = roster;
        this.digest = digest;
        this.records = records;
    }

    /** A vault of which nothing has been applied: it has no name and nobody is in it. */
    public static VaultState unknown(VaultId id) {
        return new VaultState(id, "", Stamp.ZERO, Roster.EMPTY, StateDigest.EMPTY, 0);
    }

    public VaultId id() {
        return id;
    }

    /** As it was founded; empty before. */
    public String name() {
        return name;
    }

    /** When it was founded; {@link Stamp#ZERO} before. */
    public Stamp founded() {
        return founded;
    }

    public boolean isFounded() {
        return !roster.actors().isEmpty();
    }

    /** Those that were let in and are not closed, in their order. */
    public SortedMap<ActorId, ActorState> actors() {
        return roster.actors();
    }

    /** Those that nothing can come from any more, in their order. */
    public SortedMap<ActorId, ClosedActor> closed() {
        return roster.closed();
    }

    public Optional<ActorState> actor(ActorId actor) {
        return Optional.ofNullable(roster.actors().get(actor));
    }

    /** What has been applied, closed actors aside. */
    public VersionVector frontier() {
        return roster.frontier();
    }

    /**
     * What every batch to come has seen: the join of the cuts applied, closed actors included. A
     * record's state is settled at it before an operation is applied, and when it is written.
     */
    public VersionVector horizon() {
        return roster.horizon();
    }

    /**
     * The hash of all closed actors and of how far each came: equal where two stores agree on them.
     */
    public Bytes closedHash() {
        return VaultStateCodec.closedHash(roster.closed());
    }

    /**
     * What every actor that may still write has acknowledged, as far as {@code self} can know: of
     * its own acknowledgement it knows more than its batches tell.
     *
     * @return at most the frontier, closed actors aside; nothing while {@code self} is not in good
     *     standing
     */
    public VersionVector stableCut(ActorId self) {
        return inGoodStanding(self)
                ? Membership.now(roster, self).stableCut()
                : VersionVector.EMPTY;
    }

    /** The cut that {@code self} may write now; empty where it would settle nothing new. */
    public Optional<Operation.Cut> cut(ActorId self) {
        VersionVector stable = stableCut(self);
        return roster.horizon().covers(stable)
                ? Optional.empty()
                : Optional.of(new Operation.Cut(stable));
    }

    /**
     * Whether nothing need be remembered of the actor but that it was here: it is excluded, and
     * everybody has acknowledged that and all of its batches. Time has no say in it.
     */
    public boolean canPruneActor(ActorId actor) {
        return roster.closed().containsKey(actor);
    }

    /** Those without whom the stable cut of {@code self} would be greater, in their order. */
    public List<HeldBack> holdsBack(ActorId self) {
        if (!inGoodStanding(self)) {
            return List.of();
        }
        Membership members = Membership.now(roster, self);
        VersionVector stable = members.stableCut();
        List<HeldBack> held = new ArrayList<>();
        roster.actors()
                .forEach(
                        (actor, state) -> {
                            VersionVector without = members.stableCutWithout(actor);
                            if (!actor.equals(self) && !stable.covers(without)) {
                                HeldBack.Reason reason =
                                        state.isExcluded()
                                                ? HeldBack.Reason.EXCLUSION_NOT_ACKNOWLEDGED
                                                : HeldBack.Reason.NOT_ACKNOWLEDGED;
                                held.add(
                                        new HeldBack(
                                                actor, reason, state.stamp(), stable, without));
                            }
                        });
        return held;
    }

    /**
     * What the stable cut of {@code self} would be if the others asked for nothing: what could be
     * settled once they are excluded and all that stay have acknowledged that.
     */
    public VersionVector stableCutWithout(ActorId self, Set<ActorId> others) {
        return inGoodStanding(self)
                ? Membership.now(roster, self).stableCutWithout(others)
                : VersionVector.EMPTY;
    }

    /** Whether any record was ever purged. */
    public boolean hasPurges() {
        return !roster.erasures().purges().isEmpty();
    }

    /** How often the record of that key was purged. */
    public long purges(String key) {
        SortedMap<Bytes, Long> purges = roster.erasures().purges();
        return purges.isEmpty() ? 0 : purges.getOrDefault(Erasures.name(id, key), 0L);
    }

    /**
     * The purges that have not come, for which parts of applied batches were cut out. While there
     * are any, records may lack what a store of the same frontier has, and digests tell nothing.
     */
    public SortedSet<Dot> awaitedPurges() {
        return roster.erasures().awaited();
    }

    /** The devices that must not come back, as whatever actor. */
    public SortedSet<DeviceId> revoked() {
        return roster.revoked();
    }

    /** Whether the actor was ever let in; it may be closed since. */
    public boolean hasEnrolled(ActorId actor) {
        return roster.actors().containsKey(actor) || roster.closed().containsKey(actor);
    }

    /** Whether the actor is in and nobody has excluded it. */
    public boolean inGoodStanding(ActorId actor) {
        return actor(actor).filter(state -> !state.isExcluded()).isPresent();
    }

    /**
     * What batches that wait here name: those of members in good standing alone.
     *
     * @param parked received, covered by verified seals, not applied
     */
    public VersionVector named(Map<BatchId, Batch> parked) {
        VersionVector named = VersionVector.EMPTY;
        for (Map.Entry<BatchId, Batch> waiting : parked.entrySet()) {
            if (inGoodStanding(waiting.getKey().actor())) {
                named = waiting.getValue().contextAfter(named);
            }
        }
        return named;
    }

    /** What an actor had applied with its last batch, that batch included. */
    public VersionVector contextOf(ActorId actor) {
        return actor(actor).map(ActorState::context).orElse(VersionVector.EMPTY);
    }

    /**
     * What the author of a batch that is to be applied here had seen: what its context names and
     * all of the closed actors, whom no context names.
     *
     * @param context at least the horizon, closed actors aside
     */
    public VersionVector seen(VersionVector context) {
        return context.join(roster.horizon());
    }

    /**
     * What a batch that {@code author} writes now must name: all that has been applied here since
     * its last one.
     */
    public List<Dependency> dependenciesOf(ActorId author) {
        VersionVector before = contextOf(author);
        List<Dependency> news = new ArrayList<>();
        roster.actors()
                .forEach(
                        (actor, state) -> {
                            boolean advanced =
                                    state.tip().sequence() > before.get(actor).sequence();
                            if (advanced && !actor.equals(author)) {
                                news.add(
                                        new Dependency(
                                                actor, state.tip(), Chain.prefix(state.hash())));
                            }
                        });
        return news;
    }

    /**
     * The stamp of a batch that {@code author} writes now: after its last one, and after all that
     * has been applied here. What is further ahead of both its clock and its last batch than clocks
     * may differ does not count: else one wrong clock would put all who took from it ahead.
     *
     * @param wallMillis the author's clock, since 1970
     */
    public Stamp nextStamp(ActorId author, long wallMillis) {
        Stamp own = actor(author).map(ActorState::stamp).orElse(Stamp.ZERO);
        long bound = Math.max(wallMillis, own.millis()) + Gate.CLOCK_AHEAD_MILLIS_MAX;
        return roster.actors().values().stream()
                .map(ActorState::stamp)
                .filter(stamp -> stamp.millis() <= bound)
                .reduce(own, Stamp::max)
                .next(wallMillis);
    }

    /** The sum over the living records' content hashes, as last counted. */
    public StateDigest digest() {
        return digest;
    }

    /** The number of living records, as last counted. */
    public long records() {
        return records;
    }

    /**
     * With a batch more, which {@link Gate} let through.
     *
     * @param hash of its author's chain with it
     */
    public VaultState applied(BatchId batchId, Batch batch, ChainHash hash) {
        Invariant.check(batchId.vault().equals(id), "a batch of vault {0}", batchId.vault());
        String knownName = name;
        Stamp knownSince = founded;
        for (Operation.Control control : controls(batch)) {
            if (control instanceof Operation.Found found) {
                knownName = found.vaultName();
                knownSince = batch.stamp();
            }
        }
        Roster changed = roster.applied(batchId, batch, hash);
        return new VaultState(id, knownName, knownSince, changed, digest, records);
    }

    /** With the records counted anew. */
    public VaultState counted(StateDigest counted, long living) {
        return new VaultState(id, name, founded, roster, counted, living);
    }

    /** The canonical bytes. */
    public Bytes encode() {
        return VaultStateCodec.encode(this);
    }

    /**
     * Reads what {@link #encode} gave.
     *
     * @throws LoamException {@code CORRUPT} for anything else, {@code FORMAT_VERSION} for the bytes
     *     of a newer Loam
     */
    public static VaultState decode(Bytes encoded) {
        return VaultStateCodec.decode(encoded);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VaultState state && encode().equals(state.encode());
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    Roster roster() {
        return roster;
    }

    /** The actor of a device in this vault. */
    ActorId actorOf(Bytes devicePublicKey, Bytes nonce) {
        return ActorId.of(DeviceId.of(devicePublicKey), id, nonce);
    }

    /** What a batch says of the vault and of no record. */
    public static List<Operation.Control> controls(Batch batch) {
        if (batch.parts().isEmpty() || !batch.parts().getFirst().isControl()) {
            return List.of();
        }
        return batch.parts().getFirst().operations().stream()
                .map(Operation.Control.class::cast)
                .toList();
    }
}

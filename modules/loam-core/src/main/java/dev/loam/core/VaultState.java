package dev.loam.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a store has applied of a vault, records aside: who is in it and how far each is. Immutable.
 * Equal sets of batches give equal states, whatever the order in which they came.
 */
public final class VaultState {
    private final VaultId id;
    private final String name;
    private final Stamp founded;
    private final SortedMap<ActorId, ActorState> actors;
    private final StateDigest digest;
    private final long records;

    /** Takes over {@code actors}: nobody may write to them again. */
    VaultState(
            VaultId id,
            String name,
            Stamp founded,
            SortedMap<ActorId, ActorState> actors,
            StateDigest digest,
            long records) {
        this.id = id;
        this.name = name;
        this.founded = founded;
        this.actors = Collections.unmodifiableSortedMap(actors);
        this.digest = digest;
        this.records = records;
    }

    /** A vault of which nothing has been applied: it has no name and nobody is in it. */
    public static VaultState unknown(VaultId id) {
        return new VaultState(id, "", Stamp.ZERO, new TreeMap<>(), StateDigest.EMPTY, 0);
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
        return !actors.isEmpty();
    }

    /** Those that were let in, in their order. */
    public SortedMap<ActorId, ActorState> actors() {
        return actors;
    }

    public Optional<ActorState> actor(ActorId actor) {
        return Optional.ofNullable(actors.get(actor));
    }

    /** What has been applied. */
    public VersionVector frontier() {
        SortedMap<ActorId, Tip> tips = new TreeMap<>();
        actors.forEach(
                (actor, state) -> {
                    if (!state.tip().equals(Tip.NONE)) {
                        tips.put(actor, state.tip());
                    }
                });
        return VersionVector.of(tips);
    }

    /** What an actor had applied with its last batch, that batch included. */
    public VersionVector contextOf(ActorId actor) {
        return actor(actor).map(ActorState::context).orElse(VersionVector.EMPTY);
    }

    /**
     * What a batch that {@code author} writes now must name: all that has been applied here since
     * its last one.
     */
    public List<Dependency> dependenciesOf(ActorId author) {
        VersionVector before = contextOf(author);
        List<Dependency> news = new ArrayList<>();
        actors.forEach(
                (actor, state) -> {
                    boolean advanced = state.tip().sequence() > before.get(actor).sequence();
                    if (advanced && !actor.equals(author)) {
                        news.add(new Dependency(actor, state.tip(), Chain.prefix(state.hash())));
                    }
                });
        return news;
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
        SortedMap<ActorId, ActorState> changed = new TreeMap<>(actors);
        String knownName = name;
        Stamp knownSince = founded;
        for (Operation.Control control : controls(batch)) {
            switch (control) {
                case Operation.Found found -> {
                    knownName = found.vaultName();
                    knownSince = batch.stamp();
                    changed.put(batchId.actor(), ActorState.enrolled(found.devicePublicKey()));
                }
                case Operation.Enrol enrol ->
                        changed.putIfAbsent(
                                actorOf(enrol.devicePublicKey(), enrol.nonce()),
                                ActorState.enrolled(enrol.devicePublicKey()));
                case Operation.UnknownControl _ -> {}
            }
        }
        ActorState author =
                Optional.ofNullable(changed.get(batchId.actor()))
                        .filter(state -> state.tip().sequence() + 1 == batchId.sequence())
                        .orElseThrow(
                                () -> new AssertionError(batchId + " has not passed the gate"));
        changed.put(batchId.actor(), advanced(author, batchId, batch, hash));
        return new VaultState(id, knownName, knownSince, changed, digest, records);
    }

    /** With the records counted anew. */
    public VaultState counted(StateDigest counted, long living) {
        return new VaultState(id, name, founded, actors, counted, living);
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

    /** The actor of a device in this vault. */
    ActorId actorOf(Bytes devicePublicKey, Bytes nonce) {
        return ActorId.of(DeviceId.of(devicePublicKey), id, nonce);
    }

    static List<Operation.Control> controls(Batch batch) {
        Part first = batch.parts().getFirst();
        if (!first.isControl()) {
            return List.of();
        }
        return first.operations().stream().map(Operation.Control.class::cast).toList();
    }

    private static ActorState advanced(
            ActorState author, BatchId batchId, Batch batch, ChainHash hash) {
        Tip tip = batch.tip(batchId.sequence());
        VersionVector context = batch.contextAfter(author.context()).with(batchId.actor(), tip);
        return new ActorState(
                author.publicKey(), author.device(), tip, hash, batch.stamp(), context);
    }
}

package dev.loam.core;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What has become of one record: a function of the set of operations applied to it, whatever the
 * order in which they came. Immutable.
 *
 * <p>Two conditions carry that, and the {@link Gate} ensures both: each operation is applied once,
 * and after everything that its author had seen. A value is there exactly if no applied operation
 * that saw it named it or was {@link Lifetime#FRESH}; as whoever saw it comes later everywhere,
 * nothing needs to be remembered of a value that is gone. The marks of life follow the same
 * pattern: content that no applied delete saw keeps the record alive, and a delete stands until
 * content or another delete has seen it. A delete takes no value, so that content concurrent with
 * it brings the record back whole.
 *
 * <p>Marks at or below the vault's horizon are settled: every operation still to come has seen
 * them. A settled value is kept bare, and the next operation on it takes it without naming it.
 *
 * <p>Reads of a record that is not alive find nothing. The dots of its hidden values are given all
 * the same.
 */
public final class RecordState {
    /** Of a record that nobody has written. */
    public static final RecordState EMPTY =
            new RecordState(RecordFields.EMPTY, new TreeMap<>(), SettledLife.NONE, new TreeSet<>());

    /** Whether content keeps the record alive that every operation still to come has seen. */
    enum SettledLife {
        NONE,
        ALIVE
    }

    private final RecordFields fields;

    /**
     * Per actor the counter of its last unsettled content operation that no applied delete has
     * seen.
     */
    private final SortedMap<ActorId, Long> live;

    /** {@code ALIVE} only while {@link #live} is empty. */
    private final SettledLife settledLife;

    /** Deletes that no applied content and no other applied delete has seen. */
    private final SortedSet<Dot> deletes;

    /** Takes over its arguments: nobody may write to them again. */
    RecordState(
            RecordFields fields,
            SortedMap<ActorId, Long> live,
            SettledLife settledLife,
            SortedSet<Dot> deletes) {
        this.fields = fields;
        this.live = live;
        this.settledLife = settledLife;
        this.deletes = deletes;
    }

    /**
     * This state with one operation more. The state must be {@link #settled} at the vault's
     * horizon, as it was where the operation was written: what is settled is not named.
     *
     * @param operation one on a record, not yet applied, after all that {@code origin} saw
     */
    public RecordState apply(Origin origin, Operation operation) {
        return switch (operation) {
            case Operation.Set set ->
                    content(origin, startingPoint(origin, set.lifetime()).set(origin, set));
            case Operation.AddElement add ->
                    content(origin, startingPoint(origin, add.lifetime()).add(origin, add));
            case Operation.RemoveElement remove -> touch(fields.remove(remove));
            case Operation.Embed embed -> touch(fields.embed(origin, embed));
            case Operation.Delete _ -> delete(origin);
            case Operation.Control _ ->
                    throw new AssertionError("a control operation belongs to no record");
        };
    }

    /**
     * This state without the marks that nobody needs any more. What reads return does not change:
     * dots and stamps go that every operation still to come has seen, embeddings that no read
     * returns, and all of a record that is not alive once nothing of it is unsettled.
     *
     * <p>A value that no delete has seen keeps a dead record: a new life that has not seen it
     * either would be with it in one place and without it in another.
     *
     * @param horizon {@link VaultState#horizon} of the frontier at which this state stands, never a
     *     later one: an operation that is still to be applied might take what has become bare
     */
    public RecordState settled(VersionVector horizon) {
        if (horizon.isEmpty()) {
            return this;
        }
        RecordFields kept = fields.settled(horizon::covers);
        SortedMap<ActorId, Long> alive = new TreeMap<>(live);
        alive.entrySet().removeIf(last -> horizon.covers(new Dot(last.getKey(), last.getValue())));
        SortedSet<Dot> standing = new TreeSet<>(deletes);
        standing.removeIf(horizon::covers);
        if (isAlive()) {
            SettledLife life = alive.isEmpty() ? SettledLife.ALIVE : SettledLife.NONE;
            return new RecordState(kept, alive, life, standing);
        }
        return standing.isEmpty() && !kept.hasLiveDots()
                ? EMPTY
                : new RecordState(kept, alive, SettledLife.NONE, deletes);
    }

    public boolean isAlive() {
        return !live.isEmpty() || settledLife == SettledLife.ALIVE;
    }

    /** The value that reads return. */
    public Optional<Value> value(FieldName field) {
        return siblings(field).stream().findFirst();
    }

    /** All concurrent values: the one that reads return, then the others. */
    public List<Value> siblings(FieldName field) {
        Register<Value> register = readable().registers().get(field);
        return register == null ? List.of() : register.siblings();
    }

    /** The values that reads return, in the order of the fields' names. */
    public SortedMap<FieldName, Value> values() {
        SortedMap<FieldName, Value> winners = new TreeMap<>();
        readable().registers().forEach((name, register) -> winners.put(name, register.winner()));
        return Collections.unmodifiableSortedMap(winners);
    }

    /** The elements of a field's set: texts in the order of their bytes. */
    public List<Value> elements(FieldName field) {
        ElementSet set = readable().sets().get(field);
        return set == null ? List.of() : set.elements();
    }

    /** The embeddings that reads return, by model. */
    public SortedMap<String, Embedding> embeddings() {
        SortedMap<String, Embedding> winners = new TreeMap<>(Utf8Order.INSTANCE);
        readable().embeddings().forEach((model, register) -> winners.put(model, register.winner()));
        return Collections.unmodifiableSortedMap(winners);
    }

    /** The dots that a {@link Operation.Set} of the field must name: those that are not settled. */
    public List<Dot> dots(FieldName field) {
        Register<Value> register = fields.registers().get(field);
        return register == null ? List.of() : register.dots();
    }

    /** The dots that an operation on the element must name: those that are not settled. */
    public List<Dot> dots(FieldName field, Value element) {
        ElementSet set = fields.sets().get(field);
        return set == null ? List.of() : set.additions(element);
    }

    /**
     * The dots that an {@link Operation.Embed} of the model must name: those that are not settled.
     */
    public List<Dot> embeddingDots(String model) {
        Register<Embedding> register = fields.embeddings().get(model);
        return register == null ? List.of() : register.dots();
    }

    /** The canonical bytes: equal for equal sets of operations. */
    public Bytes encode() {
        return RecordStateCodec.encode(this);
    }

    /**
     * Reads what {@link #encode} gave.
     *
     * @throws LoamException {@code CORRUPT} for anything else, {@code FORMAT_VERSION} for the bytes
     *     of a newer Loam
     */
    public static RecordState decode(Bytes encoded) {
        return RecordStateCodec.decode(encoded);
    }

    /**
     * Reads what {@link #encode} gave and a checksum has kept since: the bytes are not compared
     * with their canonical form again.
     *
     * @throws LoamException {@code CORRUPT}, {@code FORMAT_VERSION} if they cannot be read
     */
    public static RecordState reread(Bytes encoded) {
        return RecordStateCodec.reread(encoded);
    }

    /** SHA-256 of the record's identity and of what reads return of it: no dots, no stamps. */
    public Bytes contentHash(RecordId id) {
        return ContentHash.of(id, readable());
    }

    RecordFields fields() {
        return fields;
    }

    SortedMap<ActorId, Long> live() {
        return live;
    }

    SettledLife settledLife() {
        return settledLife;
    }

    SortedSet<Dot> deletes() {
        return deletes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecordState state && encode().equals(state.encode());
    }

    @Override
    public int hashCode() {
        return encode().hashCode();
    }

    private RecordFields readable() {
        return isAlive() ? fields : RecordFields.EMPTY;
    }

    private RecordFields startingPoint(Origin origin, Lifetime lifetime) {
        return switch (lifetime) {
            case CURRENT -> fields;
            case FRESH -> fields.unseenBy(origin);
        };
    }

    private RecordState content(Origin origin, RecordFields changed) {
        SortedMap<ActorId, Long> alive = new TreeMap<>(live);
        alive.put(origin.dot().actor(), origin.dot().counter());
        return new RecordState(changed, alive, SettledLife.NONE, deletesUnseenBy(origin));
    }

    private RecordState touch(RecordFields changed) {
        return new RecordState(changed, live, settledLife, deletes);
    }

    private RecordState delete(Origin origin) {
        SortedMap<ActorId, Long> alive = new TreeMap<>(live);
        alive.entrySet().removeIf(last -> origin.saw(new Dot(last.getKey(), last.getValue())));
        SortedSet<Dot> standing = deletesUnseenBy(origin);
        standing.add(origin.dot());
        return new RecordState(fields, alive, SettledLife.NONE, standing);
    }

    private SortedSet<Dot> deletesUnseenBy(Origin origin) {
        SortedSet<Dot> unseen = new TreeSet<>(deletes);
        unseen.removeIf(origin::saw);
        return unseen;
    }
}

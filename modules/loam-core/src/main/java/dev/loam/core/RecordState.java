package dev.loam.core;

import java.util.Collections;
import java.util.List;
import java.util.Map;
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
 * it brings the record back whole. A removal takes everything, and stands until another removal has
 * seen it: what did not see it comes to nothing, whenever it comes.
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
            new RecordState(RecordFields.EMPTY, Life.NONE, new TreeSet<>());

    private final RecordFields fields;
    private final Life life;

    /** Removals that no other applied removal has seen. */
    private final SortedSet<Dot> removals;

    /** Takes over its arguments: nobody may write to them again. */
    RecordState(RecordFields fields, Life life, SortedSet<Dot> removals) {
        this.fields = fields;
        this.life = life;
        this.removals = removals;
    }

    /**
     * This state with one operation more. The state must be {@link #settled} at the vault's
     * horizon, as it was where the operation was written: what is settled is not named.
     *
     * @param operation one on a record, not yet applied, after all that {@code origin} saw
     */
    public RecordState apply(Origin origin, Operation operation) {
        if (operation instanceof Operation.Removal) {
            return remove(origin);
        }
        if (!removals.isEmpty() && !removals.stream().allMatch(origin::saw)) {
            return this;
        }
        return switch (operation) {
            case Operation.Set set ->
                    content(origin, startingPoint(origin, set.lifetime()).set(origin, set));
            case Operation.AddElement add ->
                    content(origin, startingPoint(origin, add.lifetime()).add(origin, add));
            case Operation.RemoveElement remove -> touch(fields.remove(remove));
            case Operation.Embed embed -> touch(fields.embed(origin, embed));
            case Operation.Increment increment -> {
                RecordFields start = startingPoint(origin, increment.lifetime());
                yield content(origin, start.with(start.aggregates().increment(origin, increment)));
            }
            case Operation.Append append -> {
                RecordFields start = startingPoint(origin, append.lifetime());
                yield content(origin, start.with(start.aggregates().append(origin, append)));
            }
            case Operation.Reset reset ->
                    touch(fields.with(fields.aggregates().reset(origin, reset)));
            case Operation.Truncate truncate ->
                    touch(fields.with(fields.aggregates().truncate(origin, truncate)));
            case Operation.Max max -> touch(fields.with(fields.aggregates().max(origin, max)));
            case Operation.Min min -> touch(fields.with(fields.aggregates().min(origin, min)));
            case Operation.Delete _ -> delete(origin);
            case Operation.Removal _ -> remove(origin);
            case Operation.Unknown unknown -> keep(origin, unknown);
            case Operation.Control _ ->
                    throw new AssertionError("a control operation belongs to no record");
        };
    }

    /**
     * This state without the marks that nobody needs any more. What reads return does not change:
     * dots and stamps go that every operation still to come has seen, vectors and extremes that no
     * read returns, and all of a record that is not alive once nothing of it is unsettled.
     *
     * <p>A value that no delete has seen keeps a dead record: a new life that has not seen it
     * either would be with it in one place and without it in another. So does an operation that
     * only a newer Loam understands.
     *
     * @param horizon {@link VaultState#horizon} of the frontier at which this state stands, never a
     *     later one: an operation that is still to be applied might take what has become bare
     * @return this very state if there is nothing to drop
     */
    @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
    public RecordState settled(VersionVector horizon) {
        if (horizon.isEmpty()) {
            return this;
        }
        SortedSet<Dot> standing = removals;
        if (removals.stream().anyMatch(horizon::covers)) {
            standing = new TreeSet<>(removals);
            standing.removeIf(horizon::covers);
        }
        boolean ended = !isAlive() && life.deletes().stream().allMatch(horizon::covers);
        boolean hidesSomething = !life.isNone() || !fields.isEmpty();
        if (ended
                && hidesSomething
                && fields.unknown().isEmpty()
                && !fields.hasUnsettled(horizon::covers)) {
            return standing.isEmpty()
                    ? EMPTY
                    : new RecordState(RecordFields.EMPTY, Life.NONE, standing);
        }
        RecordFields kept = fields.settled(horizon::covers);
        Life marks = life.settled(horizon::covers);
        return kept == fields && marks == life && standing == removals
                ? this
                : new RecordState(kept, marks, standing);
    }

    public boolean isAlive() {
        return life.isAlive();
    }

    /** Whether nothing need be remembered of the record: nobody wrote it, or it has been erased. */
    public boolean isEmpty() {
        return removals.isEmpty() && life.isNone() && fields.isEmpty();
    }

    /** Whether a removal stands: what has not seen it comes to nothing. */
    public boolean isRemoved() {
        return !isAlive() && !removals.isEmpty();
    }

    /** Whether a removal stands, be the record alive or not. */
    public boolean hasRemovals() {
        return !removals.isEmpty();
    }

    /**
     * The removals because of which an operation of that origin comes to nothing, in their order.
     */
    public List<Dot> removalsUnseenBy(Origin origin) {
        return removals.stream().filter(removal -> !origin.saw(removal)).toList();
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

    /** The totals of the counters. Of a counter that was reset and never changed again: nothing. */
    public SortedMap<FieldName, Long> counters() {
        SortedMap<FieldName, Long> totals = new TreeMap<>();
        readable().aggregates().counters().forEach((name, each) -> totals.put(name, each.total()));
        return Collections.unmodifiableSortedMap(totals);
    }

    /** The logs by field, each in the order of its keys. */
    public SortedMap<FieldName, List<LogRow>> logs() {
        SortedMap<FieldName, List<LogRow>> rows = new TreeMap<>();
        readable().aggregates().logs().forEach((name, log) -> rows.put(name, log.rows()));
        return Collections.unmodifiableSortedMap(rows);
    }

    /** The maxima by field. */
    public SortedMap<FieldName, Value> maxima() {
        SortedMap<FieldName, Value> greatest = new TreeMap<>();
        readable()
                .aggregates()
                .maxima()
                .forEach((name, register) -> greatest.put(name, Aggregates.greatest(register)));
        return Collections.unmodifiableSortedMap(greatest);
    }

    /** The minima by field. */
    public SortedMap<FieldName, Value> minima() {
        SortedMap<FieldName, Value> least = new TreeMap<>();
        readable()
                .aggregates()
                .minima()
                .forEach((name, register) -> least.put(name, Aggregates.least(register)));
        return Collections.unmodifiableSortedMap(least);
    }

    /** The fields that have more than one concurrent value, in the order of their names. */
    public List<FieldName> conflicts() {
        return readable().registers().entrySet().stream()
                .filter(field -> field.getValue().size() > 1)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The number of its operations that only a newer Loam understands. */
    public int unknownOperations() {
        return fields.unknown().byDot().size();
    }

    /** The embeddings that reads return, by model. */
    public SortedMap<String, Embedding> embeddings() {
        SortedMap<String, Embedding> winners = new TreeMap<>(Utf8Order.INSTANCE);
        readable().embeddings().forEach((model, register) -> winners.put(model, register.winner()));
        return Collections.unmodifiableSortedMap(winners);
    }

    /** The dots that a {@link Operation.Set} of the field must name: none settled. */
    public List<Dot> dots(FieldName field) {
        Register<Value> register = fields.registers().get(field);
        return register == null ? List.of() : register.dots();
    }

    /** The dots that an {@link Operation.Max} of the field must name: none settled. */
    public List<Dot> maximumDots(FieldName field) {
        Register<Value> register = fields.aggregates().maxima().get(field);
        return register == null ? List.of() : register.dots();
    }

    /** The dots that an {@link Operation.Min} of the field must name: none settled. */
    public List<Dot> minimumDots(FieldName field) {
        Register<Value> register = fields.aggregates().minima().get(field);
        return register == null ? List.of() : register.dots();
    }

    /** The dots that an operation on the element must name: none settled. */
    public List<Dot> dots(FieldName field, Value element) {
        ElementSet set = fields.sets().get(field);
        return set == null ? List.of() : set.additions(element);
    }

    /** The dots that an {@link Operation.Embed} of the model must name: none settled. */
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

    Life life() {
        return life;
    }

    /** The removals that stand, in their order. */
    public SortedSet<Dot> removals() {
        return Collections.unmodifiableSortedSet(removals);
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
        return new RecordState(changed, life.content(origin), removals);
    }

    private RecordState touch(RecordFields changed) {
        return new RecordState(changed, life, removals);
    }

    private RecordState keep(Origin origin, Operation.Unknown unknown) {
        RecordFields kept = startingPoint(origin, unknown.lifetime()).keep(origin, unknown);
        return unknown.isContent() ? content(origin, kept) : touch(kept);
    }

    /** Takes all there is: whatever saw the removal is still to come. */
    private RecordState remove(Origin origin) {
        SortedSet<Dot> standing = new TreeSet<>(removals);
        standing.removeIf(origin::saw);
        standing.add(origin.dot());
        return new RecordState(RecordFields.EMPTY, Life.NONE, standing);
    }

    private RecordState delete(Origin origin) {
        return new RecordState(fields, life.delete(origin), removals);
    }
}

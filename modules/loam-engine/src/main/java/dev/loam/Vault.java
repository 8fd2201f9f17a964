package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.FieldName;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import dev.loam.core.Operation;
import dev.loam.core.Part;
import dev.loam.core.RecordId;
import dev.loam.core.RecordState;
import dev.loam.core.Value;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.index.IndexSnapshot;
import dev.loam.index.QueryVector;
import dev.loam.index.SearchFilter;
import dev.loam.index.SearchRequest;
import dev.loam.index.StoredRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A named set of memories: what is replicated as one. A vault comes into being with its first
 * memory; until then it reads as empty.
 */
public final class Vault {
    private static final int NONCE_SIZE = 8;
    private static final int SEED_SIZE = 16;

    private final Store store;
    private final Optional<Embedder> embedder;
    private final String name;

    Vault(Store store, Optional<Embedder> embedder, String name) {
        Limits.checkVaultName(name.contains("~") ? name.substring(0, name.indexOf('~')) : name);
        this.store = store;
        this.embedder = embedder;
        this.name = name;
    }

    public String name() {
        return name;
    }

    /**
     * Remembers, replacing whatever is under the same key: its fields, tags and vectors that this
     * device has seen go, concurrent changes of other devices stay. Returns when the memory is
     * visible, and durable as far as the store's {@link Durability} says. An interrupt of the
     * calling thread changes nothing of that and stays set.
     *
     * @throws LoamException {@code LIMIT_EXCEEDED}, {@code INVALID_ARGUMENT} (a vector of another
     *     dimension than its model's): nothing was written; {@code OVERLOADED}, {@code DISK_FULL}:
     *     nothing was written, and the same call may succeed later; {@code IO_FAILED}: it may be
     *     there after a reopen, and no more is written before that
     */
    public Receipt put(Memory memory) {
        Instant now = store.environment().now();
        String key = memory.key().isEmpty() ? store.environment().newKey(now) : memory.key();
        return change(
                key,
                true,
                stage -> checkDimensions(stage, memory),
                edit -> edit.put(memory, memory.time().orElse(now)));
    }

    /** The memory under {@code key}, as it was when the last write returned, or later. */
    public Optional<Memory> get(String key) {
        Limits.checkKey(key);
        return readState(key).map(state -> MemoryLayout.read(key, state));
    }

    /**
     * Changes single fields. Returns when durable and visible.
     *
     * @throws LoamException {@code NOT_FOUND} if there is no such memory; as {@link #put} besides
     */
    public Receipt update(String key, Update update) {
        if (update.equals(Update.none())) {
            throw new LoamException(ErrorCode.INVALID_ARGUMENT, "the update changes nothing");
        }
        return change(key, false, stage -> {}, edit -> edit.update(update));
    }

    /**
     * Deletes. A change on another device that had not seen the deletion brings the memory back
     * whole.
     *
     * @throws LoamException {@code NOT_FOUND} if there is no such memory
     */
    public Receipt delete(String key) {
        return change(key, false, stage -> {}, RecordEdit::delete);
    }

    /**
     * The memories whose keys begin with {@code prefix}, in the order of the keys' bytes.
     *
     * @param limit 1 to 1,000 a page
     * @param cursor where the page before ended; each page shows the vault as it is then
     */
    public Page scan(String prefix, int limit, Optional<Page.Cursor> cursor) {
        checkCount("scan limit", limit, Limits.SCAN_PAGE_MAX);
        Optional<VaultState> vault = store.state().named(name);
        if (vault.isEmpty()) {
            return new Page(List.of(), Optional.empty());
        }
        List<Memory> memories = new ArrayList<>();
        try (IndexSnapshot snapshot = store.snapshot()) {
            List<StoredRecord> found =
                    snapshot.scan(
                            vault.get().id(), prefix, cursor.map(Page.Cursor::after), limit + 1);
            for (StoredRecord record : found.subList(0, Math.min(limit, found.size()))) {
                memories.add(
                        MemoryLayout.read(record.id().key(), RecordState.decode(record.state())));
            }
            return new Page(
                    memories,
                    found.size() > limit
                            ? Optional.of(new Page.Cursor(memories.getLast().key()))
                            : Optional.empty());
        }
    }

    /**
     * All values that a field has: the one that reads return first, then those that other devices
     * wrote without having seen it. Empty if the field or the memory is absent.
     */
    public List<Value> siblings(String key, String field) {
        Limits.checkKey(key);
        return readState(key).map(state -> state.siblings(new FieldName(field))).orElse(List.of());
    }

    /**
     * How the memory under {@code key} came to be: each change that is still in the log, whether or
     * not the memory is alive. Empty if there never was one. Costs what was ever written to the
     * memory, not what the store holds.
     *
     * @throws LoamException {@code IO_FAILED}, {@code PERMISSIONS} if the log cannot be read
     */
    public History history(String key) {
        Limits.checkKey(key);
        return store.state().named(name).map(vault -> history(vault, key)).orElse(History.NONE);
    }

    private History history(VaultState vault, String key) {
        RecordPast past = store.past(new RecordId(vault.id(), key));
        return new History(Changes.of(past, vault), past.complete() && past.base().isEmpty());
    }

    /** This vault as it was at {@code time}. */
    public PastVault asOf(Instant time) {
        return new PastVault(store, name, time);
    }

    /**
     * Finds by words, and by meaning where the store has an embedder.
     *
     * @param query words as a person would write them, at most 8 KiB; there is no query syntax
     * @param limit 1 to 1,000
     */
    public Recall recall(String query, int limit, Filter filter) {
        checkQuery(query, limit);
        Optional<QueryVector> vector =
                embedder.map(
                        each ->
                                new QueryVector(
                                        each.model(),
                                        each.embed(List.of(query), Embedder.Purpose.QUERY)
                                                .getFirst()));
        return recall(query, vector, limit, filter);
    }

    /** As {@link #recall(String, int, Filter)}, with every memory of the vault allowed. */
    public Recall recall(String query, int limit) {
        return recall(query, limit, Filter.all());
    }

    /**
     * Finds by words and by the caller's own vector among those of the same model.
     *
     * @throws LoamException {@code INVALID_QUERY} if the store has no vectors of that model, or of
     *     another dimension
     */
    public Recall recall(String query, String model, float[] vector, int limit, Filter filter) {
        checkQuery(query, limit);
        float[] checked = Memory.Vector.of(vector).toFloats();
        Integer dimension = store.state().dimensions().get(Memory.Vector.checkModel(model));
        if (dimension == null || dimension != checked.length) {
            throw new LoamException(
                    ErrorCode.INVALID_QUERY,
                    dimension == null
                            ? "the store has no vectors of the model " + model
                            : "vectors of the model "
                                    + model
                                    + " have "
                                    + dimension
                                    + " dimensions, the query has "
                                    + checked.length);
        }
        return recall(query, Optional.of(new QueryVector(model, checked)), limit, filter);
    }

    private static void checkQuery(String query, int limit) {
        if (query.isBlank()) {
            throw new LoamException(ErrorCode.INVALID_QUERY, "the query is empty");
        }
        Limits.check("query in bytes", Limits.utf8Length("query", query), Limits.QUERY_BYTES_MAX);
        checkCount("recall limit", limit, Limits.RECALL_HITS_MAX);
    }

    private Recall recall(String query, Optional<QueryVector> vector, int limit, Filter filter) {
        Optional<String> model =
                vector.map(QueryVector::model)
                        .filter(each -> store.state().dimensions().containsKey(each));
        Optional<VaultState> vault = store.state().named(name);
        if (vault.isEmpty()) {
            return new Recall(List.of(), model);
        }
        TreeMap<String, String> keywords = new TreeMap<>();
        filter.fields()
                .forEach((field, value) -> keywords.put(field.name(), MemoryLayout.keyword(value)));
        SearchRequest request =
                new SearchRequest(
                        vault.get().id(),
                        query,
                        model.isPresent() ? vector : Optional.empty(),
                        new SearchFilter(
                                filter.tags(),
                                keywords,
                                millis(filter.from()),
                                millis(filter.to())),
                        Math.max(Recaller.LIST_MIN, limit));
        store.index().refresh();
        try (IndexSnapshot snapshot = store.snapshot()) {
            return new Recall(Recaller.rank(snapshot.search(request), snapshot, limit), model);
        }
    }

    private static OptionalLong millis(Optional<Instant> instant) {
        return instant.map(each -> OptionalLong.of(each.toEpochMilli()))
                .orElse(OptionalLong.empty());
    }

    private static void checkCount(String what, int count, int most) {
        if (count < 1) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT, what + " is " + count + ", it must be at least 1");
        }
        if (count > most) {
            throw new LoamException(
                    ErrorCode.LIMIT_EXCEEDED, what + " is " + count + ", the limit is " + most);
        }
    }

    private Optional<RecordState> readState(String key) {
        Optional<VaultState> vault = store.state().named(name);
        if (vault.isEmpty()) {
            return Optional.empty();
        }
        try (IndexSnapshot snapshot = store.snapshot()) {
            return snapshot.state(new RecordId(vault.get().id(), key))
                    .map(RecordState::decode)
                    .filter(RecordState::isAlive);
        }
    }

    /** One batch with one record's operations, founding the vault before it if need be. */
    private Receipt change(
            String key, boolean mayMake, Consumer<Stage> check, Consumer<RecordEdit> change) {
        Limits.checkKey(key);
        return store.write(
                stage -> {
                    check.accept(stage);
                    Optional<VaultState> known = stage.named(name);
                    if (known.isEmpty() && !mayMake) {
                        throw absent(key);
                    }
                    VaultState vault = known.orElseGet(() -> found(stage));
                    RecordId id = new RecordId(vault.id(), key);
                    RecordState state = stage.record(id);
                    if (!state.isAlive() && !mayMake) {
                        throw absent(key);
                    }
                    Stage.Draft draft =
                            stage.draft(
                                    vault.id(),
                                    store.ownActor(vault),
                                    store.environment().now().toEpochMilli());
                    RecordEdit edit = draft.edit(state, draft.dots());
                    change.accept(edit);
                    stage.stage(
                            draft.id(),
                            draft.batch(
                                    List.of(new Part(key, edit.operations())),
                                    store.environment().randomBytes(SEED_SIZE)));
                    return new Receipt(key, draft.id(), stage.position());
                });
    }

    private LoamException absent(String key) {
        return new LoamException(
                ErrorCode.NOT_FOUND,
                "there is no memory \"" + key + "\" in the vault \"" + name + "\"");
    }

    private VaultState found(Stage stage) {
        Limits.checkVaultName(name);
        VaultId id = new VaultId(store.environment().randomBytes(VaultId.SIZE));
        Bytes nonce = store.environment().randomBytes(NONCE_SIZE);
        ActorId actor = ActorId.of(store.device(), id, nonce);
        Stage.Draft draft = stage.draft(id, actor, store.environment().now().toEpochMilli());
        store.ownActors().keep(id, actor);
        Operation found = new Operation.Found(name, store.identity().publicKey(), nonce);
        stage.stage(
                draft.id(),
                draft.batch(
                        List.of(new Part("", List.of(found))),
                        store.environment().randomBytes(SEED_SIZE)));
        return stage.vault(id);
    }

    private static void checkDimensions(Stage stage, Memory memory) {
        memory.vectors()
                .forEach(
                        (model, vector) ->
                                stage.dimension(model)
                                        .filter(known -> known != vector.dimension())
                                        .ifPresent(
                                                known -> {
                                                    throw new LoamException(
                                                            ErrorCode.INVALID_ARGUMENT,
                                                            "vectors of the model "
                                                                    + model
                                                                    + " have "
                                                                    + known
                                                                    + " dimensions, this one has "
                                                                    + vector.dimension()
                                                                    + "; nothing was written");
                                                }));
    }
}

package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.FieldName;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import dev.loam.core.RecordId;
import dev.loam.core.RecordState;
import dev.loam.core.Value;
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
import java.util.stream.Stream;

/**
 * A named set of memories: what is replicated as one. A vault comes into being with its first
 * memory; until then it reads as empty.
 */
public final class Vault {
    private final Store store;
    private final Optional<Embedder> embedder;
    private final String name;
    private final VaultWrites writes;

    Vault(Store store, Optional<Embedder> embedder, String name) {
        Limits.checkVaultName(name.contains("~") ? name.substring(0, name.indexOf('~')) : name);
        this.store = store;
        this.embedder = embedder;
        this.name = name;
        this.writes = new VaultWrites(store, name);
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
        return write(batch -> batch.put(memory)).getFirst();
    }

    /** The memory under {@code key}, as it was when the last write returned, or later. */
    public Optional<Memory> get(String key) {
        Limits.checkKey(key);
        return readState(key).map(state -> MemoryLayout.read(key, state));
    }

    /**
     * Changes single fields. Returns when durable and visible. If nothing needs to be written, as
     * every maximum in it is as great already, the receipt names this device's last batch in the
     * vault, 0 if there is none.
     *
     * @throws LoamException {@code NOT_FOUND} if there is no such memory; as {@link #put} besides
     */
    public Receipt update(String key, Update update) {
        return write(batch -> batch.update(key, update)).getFirst();
    }

    /**
     * Deletes. A change on another device that had not seen the deletion brings the memory back
     * whole.
     *
     * @throws LoamException {@code NOT_FOUND} if there is no such memory
     */
    public Receipt delete(String key) {
        return write(batch -> batch.delete(key)).getFirst();
    }

    /**
     * Removes: as {@link #delete}, but changes on other devices that had not seen the removal do
     * not bring the memory back; they come to nothing.
     *
     * @throws LoamException {@code NOT_FOUND} if there is no such memory
     */
    public Receipt remove(String key) {
        return write(batch -> batch.remove(key)).getFirst();
    }

    /**
     * Forgets for good: nothing of these memories is left when this returns, in what reads return
     * or in any file of this store, but for their keys. What other devices hold of them they erase
     * when they next sync with one that has forgotten; what they write without having heard of it
     * comes to nothing and is stored nowhere. A key may be used again.
     *
     * <p>Costs a rewriting of the whole log, and of those parts of the index in which anything was
     * replaced, once for all keys of a call. If it is interrupted it goes on when the store is
     * opened: no read returns the memories from the moment when the first step is durable.
     *
     * @param keys at least one, each once
     * @throws LoamException {@code NOT_FOUND} if there is no such memory, nor a trace of one that
     *     was deleted: nothing was forgotten; {@code LIMIT_EXCEEDED} beyond 1,000; {@code
     *     DISK_FULL}, {@code CORRUPT}, {@code OVERLOADED}: they are read no more, and the rest is
     *     tried again when the store is opened; as {@link #put} besides
     */
    public ForgetReceipt forget(List<String> keys) {
        WriteBatch batch = new WriteBatch(store.environment());
        keys.forEach(key -> batch.add(key, Wish.FORGET));
        ForgetReceipt receipt = store.forgetting().forget(() -> writes.write(batch.wishes()));
        store.audit().record(receipt.event());
        return receipt;
    }

    /**
     * Which devices have erased what was forgotten of this vault, as far as this store has heard.
     * Costs a reading of the log.
     *
     * @throws LoamException {@code NOT_FOUND} if there is no such vault
     */
    public ForgetStatus forgetStatus() {
        return new ForgetReceipts(store, existing()).read();
    }

    private VaultState existing() {
        return store.state()
                .named(name)
                .orElseThrow(
                        () ->
                                new LoamException(
                                        ErrorCode.NOT_FOUND, "there is no vault \"" + name + "\""));
    }

    /**
     * Writes several memories at once: all of it or nothing, here and on every device. Returns when
     * durable and visible, as {@link #put} does.
     *
     * @param changes says what to write; called once, before anything is written
     * @return for each memory, in the order in which they were first named
     * @throws LoamException {@code LIMIT_EXCEEDED} beyond 1,000 operations or 4 MiB, {@code
     *     NOT_FOUND} if a memory to be changed does not exist, {@code INVALID_ARGUMENT} if nothing
     *     is to be written; as {@link #put} besides. Nothing was written then
     */
    public List<Receipt> write(Consumer<WriteBatch> changes) {
        WriteBatch batch = new WriteBatch(store.environment());
        changes.accept(batch);
        return writes.write(batch.wishes());
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

    /** This vault as it is now, whatever is written meanwhile. To be closed. */
    public VaultView view() {
        return new VaultView(store.state().named(name), store.snapshot());
    }

    /** All of the memory under {@code key}, as {@link #get} has it. */
    public Optional<StoredMemory> stored(String key) {
        Limits.checkKey(key);
        return readState(key).map(state -> StoredMemory.of(key, state));
    }

    /**
     * Makes a memory what it was where {@code memory} was read, conflicts among the values of a
     * field included; in place of what is under its key. Returns when durable and visible as {@link
     * #put} does. A memory of several parts is written in as many batches: if one fails, the next
     * call begins anew.
     *
     * @return false if the memory is so already, with these vectors at least: nothing was written
     * @throws LoamException as {@link #put}; of many memories a {@link RestoreTrial} finds out
     *     before the first whether one will be refused
     */
    public boolean restore(StoredMemory memory) {
        if (stored(memory.key()).filter(there -> there.holds(memory)).isPresent()) {
            return false;
        }
        for (int part = 0; part < memory.parts().size(); part++) {
            int next = part;
            write(batch -> batch.restore(memory, next));
        }
        return true;
    }

    /** The length that vectors of a model have in this store, once there is one. */
    Optional<Integer> dimension(String model) {
        return Optional.ofNullable(store.state().dimensions().get(model));
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
     * The fields that have more than one value; not those of the inbox, in which several devices
     * may have entered the same. Costs what is returned, not what the vault holds.
     *
     * @param limit how many memories' conflicts, 1 to 1,000 a page
     * @param cursor where the page before ended; each page shows the vault as it is then
     */
    public ConflictPage conflicts(int limit, Optional<Page.Cursor> cursor) {
        checkCount("conflicts limit", limit, Limits.SCAN_PAGE_MAX);
        Optional<VaultState> vault = store.state().named(name);
        if (vault.isEmpty()) {
            return new ConflictPage(List.of(), Optional.empty());
        }
        try (IndexSnapshot snapshot = store.snapshot()) {
            List<StoredRecord> found =
                    snapshot.conflicted(
                            vault.get().id(), cursor.map(Page.Cursor::after), limit + 1);
            List<StoredRecord> shown = found.subList(0, Math.min(limit, found.size()));
            return new ConflictPage(
                    shown.stream()
                            .filter(record -> !record.id().key().startsWith(Inbox.PREFIX))
                            .flatMap(Vault::conflictsOf)
                            .toList(),
                    found.size() > limit
                            ? Optional.of(new Page.Cursor(shown.getLast().id().key()))
                            : Optional.empty());
        }
    }

    private static Stream<Conflict> conflictsOf(StoredRecord record) {
        RecordState state = RecordState.decode(record.state());
        return state.conflicts().stream()
                .map(field -> new Conflict(record.id().key(), field.name(), state.siblings(field)));
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

    /**
     * Settles the history that all devices have acknowledged: what only told apart writes that may
     * have been concurrent is dropped from then on, and a later compaction may drop the batches.
     * Says who has not acknowledged the rest. Loam does it by itself, at most once an hour, where
     * it is worth it. Changes no memory. Returns when durable; never waits for another device.
     *
     * @throws LoamException {@code NOT_FOUND} if there is no such vault; {@code IO_FAILED}, {@code
     *     DISK_FULL}, {@code OVERLOADED} as of a write
     */
    public PruneReport prune() {
        return new Pruning(store, existing().id()).prune(name);
    }

    /** What a device that came home late had written and could not write anew. */
    public Inbox inbox() {
        return new Inbox(this);
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
        int dimension =
                dimension(Memory.Vector.checkModel(model))
                        .orElseThrow(
                                () ->
                                        new LoamException(
                                                ErrorCode.INVALID_QUERY,
                                                "the store has no vectors of the model " + model));
        if (dimension != checked.length) {
            throw new LoamException(
                    ErrorCode.INVALID_QUERY,
                    "vectors of the model "
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
}

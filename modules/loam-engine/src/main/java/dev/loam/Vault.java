package dev.loam;

import dev.loam.core.Value;
import java.util.List;
import java.util.Optional;

/** A named set of memories: what is replicated as one. */
public final class Vault {
    private final Loam loam;
    private final String name;

    Vault(Loam loam, String name) {
        this.loam = loam;
        this.name = name;
    }

    public String name() {
        return name;
    }

    /** Remembers, replacing whatever is under the same key. Returns when durable and visible. */
    public Receipt put(Memory memory) {
        throw new UnsupportedOperationException(loam.toString());
    }

    public Optional<Memory> get(String key) {
        throw new UnsupportedOperationException(key);
    }

    /** Changes single fields. {@code NOT_FOUND} if there is no such memory. */
    public Receipt update(String key, Update update) {
        throw new UnsupportedOperationException(key + update);
    }

    /** Deletes. {@code NOT_FOUND} if there is no such memory. */
    public Receipt delete(String key) {
        throw new UnsupportedOperationException(key);
    }

    /** The memories whose keys begin with {@code prefix}, 1 to 1,000 at a time. */
    public Page scan(String prefix, int limit, Optional<Page.Cursor> cursor) {
        throw new UnsupportedOperationException(prefix);
    }

    /** All concurrent values of a field: the one that reads return first, then the others. */
    public List<Value> siblings(String key, String field) {
        throw new UnsupportedOperationException(key + field);
    }

    /** Finds by words, and by meaning where the store has an embedder. 1 to 1,000 hits. */
    public Recall recall(String query, int limit, Filter filter) {
        throw new UnsupportedOperationException(query);
    }

    /** As above, with every memory of the vault allowed. */
    public Recall recall(String query, int limit) {
        return recall(query, limit, Filter.all());
    }

    /** Finds with the caller's own query vector, by {@code model}'s vectors, and by words. */
    public Recall recall(String query, String model, float[] vector, int limit, Filter filter) {
        throw new UnsupportedOperationException(query + model);
    }
}

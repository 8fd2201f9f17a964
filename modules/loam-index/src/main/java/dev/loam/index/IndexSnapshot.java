package dev.loam.index;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.core.RecordId;
import dev.loam.core.VaultId;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.BytesRef;

/**
 * The index at one position: never changes, may be used by several threads, keeps files open until
 * it is closed.
 */
public final class IndexSnapshot implements AutoCloseable {
    private interface Reading<T> {
        T read() throws IOException;
    }

    private final View view;
    private final Projector projector;
    private final AtomicBoolean closed = new AtomicBoolean();

    IndexSnapshot(View view, Projector projector) {
        this.view = view;
        this.projector = projector;
    }

    /** Of the last batch that it shows. */
    public Position position() {
        return view.position();
    }

    /**
     * The state of a record, living or dead.
     *
     * @throws LoamException {@code CORRUPT} if the index is damaged
     */
    public Optional<Bytes> state(RecordId id) {
        Bytes idBytes = id.toBytes();
        Optional<PendingRecord> pending = view.pending(idBytes);
        return pending.isPresent()
                ? pending.map(PendingRecord::state)
                : guarded(() -> indexedState(idBytes));
    }

    /**
     * The living records of a vault whose keys begin with {@code prefix}, in the order of their
     * keys' bytes. Reads no more of the vault than it returns.
     *
     * @param afterKey only what comes after this key
     */
    public List<StoredRecord> scan(
            VaultId vault, String prefix, Optional<String> afterKey, int limit) {
        return scan(ScanPage.Kind.LIVING, new ScanPage.Range(vault, prefix, afterKey), limit);
    }

    /** As {@link #scan}, of all living records that are conflicted. */
    public List<StoredRecord> conflicted(VaultId vault, Optional<String> afterKey, int limit) {
        return scan(ScanPage.Kind.CONFLICTED, new ScanPage.Range(vault, "", afterKey), limit);
    }

    private List<StoredRecord> scan(ScanPage.Kind kind, ScanPage.Range range, int limit) {
        return guarded(() -> ScanPage.read(view, projector, kind, range, limit));
    }

    /**
     * Scored lists over what is in Lucene. What is pending is neither found nor hidden: {@link
     * RecordIndex#refresh} before the snapshot was taken rules that out.
     *
     * @throws LoamException {@code INVALID_QUERY} if the vector has no direction, or if the index
     *     has vectors of its model but none of its dimension
     */
    public CandidateLists search(SearchRequest request) {
        return guarded(() -> lists(request));
    }

    /** Living records that lack a vector of the model, any of them. */
    public List<RecordId> unembedded(String model, int limit) {
        return guarded(() -> new UnembeddedRecords(view, projector, model).first(limit));
    }

    /** How many living records lack a vector of the model. */
    public long unembeddedCount(String model) {
        return guarded(() -> new UnembeddedRecords(view, projector, model).count());
    }

    /** Idempotent. */
    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            view.reader().release();
        }
    }

    OpenReader reader() {
        return view.reader();
    }

    private Optional<Bytes> indexedState(Bytes id) throws IOException {
        RecordLookup lookup = view.reader().borrowLookup();
        Optional<RecordLookup.Found> found = lookup.find(id);
        view.reader().giveBack(lookup);
        return found.isPresent() ? Optional.of(found.get().state()) : Optional.empty();
    }

    private CandidateLists lists(SearchRequest request) throws IOException {
        VaultSearcher searcher = new VaultSearcher(view.reader(), request.vault());
        List<Query> filters = FilterQuery.clauses(request.filter());
        if (!searcher.isAlone()) {
            filters.add(FilterQuery.vault(request.vault()));
        }
        SortedSet<BytesRef> words = WordSearch.words(request.query());
        int limit = request.listLimit();
        List<Candidate> dense = List.of();
        if (request.vector().isPresent()) {
            dense =
                    new VectorSearch(searcher, FilterQuery.all(filters), VectorSearch.SCANNED_MAX)
                            .search(request.vector().get(), limit);
        }
        return new CandidateLists(
                WordSearch.search(searcher, Fields.TEXT, words, filters, limit),
                WordSearch.search(searcher, Fields.WINDOW, words, filters, limit),
                dense);
    }

    private <T> T guarded(Reading<T> reading) {
        if (closed.get()) {
            throw new LoamException(ErrorCode.CLOSED, "the snapshot of the index is closed");
        }
        try {
            return reading.read();
        } catch (CorruptIndexException | EOFException damage) {
            throw new LoamException(
                    ErrorCode.CORRUPT, "the index is damaged; rebuild it from the log", damage);
        } catch (IOException failure) {
            throw new LoamException(ErrorCode.IO_FAILED, "the index cannot be read", failure);
        }
    }
}

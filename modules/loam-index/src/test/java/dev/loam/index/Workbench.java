package dev.loam.index;

import dev.loam.core.Bytes;
import dev.loam.core.Position;
import dev.loam.core.RecordId;
import dev.loam.core.StoreId;
import dev.loam.core.VaultId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;

/** An index in a directory of its own, removed with it. */
final class Workbench implements AutoCloseable {
    static final StoreId STORE = new StoreId(Note.vault(77).bytes());

    private final Storage storage;
    private final Path directory;
    private RecordIndex index;
    private long position;

    Workbench() {
        this(Storage.PLAIN);
    }

    Workbench(Storage storage) {
        this.storage = storage;
        try {
            directory = Files.createTempDirectory("loam-index-test");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        index = open();
    }

    private RecordIndex open() {
        return RecordIndex.open(directory, STORE, Note.PROJECTOR, storage.in(directory));
    }

    RecordIndex index() {
        return index;
    }

    Path directory() {
        return directory;
    }

    void apply(List<Note> notes) {
        position++;
        index.apply(notes.stream().map(Note::change).toList(), new Position(position));
    }

    void carry(List<Note> notes) {
        apply(notes);
        index.refresh();
    }

    void checkpoint() {
        index.checkpoint(new IndexCheckpoint(new Position(position), Bytes.EMPTY));
        index.awaitCheckpoint();
    }

    void reopen() {
        index.close();
        index = open();
    }

    CandidateLists search(VaultId vault, String query, SearchFilter filter, int limit) {
        return search(new SearchRequest(vault, query, Optional.empty(), filter, limit));
    }

    CandidateLists search(SearchRequest request) {
        try (IndexSnapshot snapshot = index.snapshot()) {
            return snapshot.search(request);
        }
    }

    /** The words of the windows of the living records of a vault, with how often each is there. */
    SortedMap<RecordId, SortedMap<String, Integer>> windows(VaultId vault) {
        SortedMap<RecordId, SortedMap<String, Integer>> windows = new TreeMap<>();
        try (IndexSnapshot snapshot = index.snapshot()) {
            for (LeafReaderContext context : snapshot.reader().leaves()) {
                addWindows(context.reader(), vault, windows);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return windows;
    }

    private static void addWindows(
            LeafReader leaf, VaultId vault, SortedMap<RecordId, SortedMap<String, Integer>> windows)
            throws IOException {
        Terms words = leaf.terms(Fields.WINDOW);
        if (words == null) {
            return;
        }
        TermsEnum walk = words.iterator();
        while (walk.next() != null) {
            PostingsEnum postings = walk.postings(null, PostingsEnum.FREQS);
            for (int document = RecordLookup.firstLive(postings, leaf.getLiveDocs());
                    document != DocIdSetIterator.NO_MORE_DOCS;
                    document = RecordLookup.firstLive(postings, leaf.getLiveDocs())) {
                RecordId id = HitColumn.id(HitColumn.read(new RecordLookup.Found(leaf, document)));
                if (id.vault().equals(vault)) {
                    windows.computeIfAbsent(id, unseen -> new TreeMap<>())
                            .merge(walk.term().utf8ToString(), postings.freq(), Integer::sum);
                }
            }
        }
    }

    @Override
    public void close() {
        index.close();
        List<Path> entries = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(directory)) {
            walk.forEach(entries::add);
            entries.sort(Comparator.reverseOrder());
            for (Path entry : entries) {
                Files.delete(entry);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

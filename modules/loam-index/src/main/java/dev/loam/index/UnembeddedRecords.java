package dev.loam.index;

import dev.loam.core.Bytes;
import dev.loam.core.RecordId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.Bits;

/** The records that lack a vector of a model, pending ones in place of indexed ones. */
final class UnembeddedRecords {
    private final View view;
    private final Projector projector;
    private final String model;

    UnembeddedRecords(View view, Projector projector, String model) {
        this.view = view;
        this.projector = projector;
        this.model = model;
    }

    /** Any of them, in no particular order. */
    List<RecordId> first(int limit) throws IOException {
        List<RecordId> ids = new ArrayList<>();
        for (PendingRecord record : Generation.mergeAll(view.pending())) {
            if (ids.size() < limit && record.lacksVector(projector, model)) {
                ids.add(record.id());
            }
        }
        for (LeafReaderContext context : view.reader().leaves()) {
            if (ids.size() < limit) {
                addIndexed(context.reader(), limit, ids);
            }
        }
        return ids;
    }

    long count() throws IOException {
        long count = 0;
        List<PendingRecord> pending = Generation.mergeAll(view.pending());
        for (PendingRecord record : pending) {
            count += record.lacksVector(projector, model) ? 1 : 0;
        }
        Set<Bytes> overlaid = new HashSet<>();
        pending.forEach(record -> overlaid.add(record.idBytes()));
        for (LeafReaderContext context : view.reader().leaves()) {
            count += countIndexed(context.reader(), overlaid);
        }
        return count;
    }

    private void addIndexed(LeafReader leaf, int limit, List<RecordId> ids) throws IOException {
        PostingsEnum lacking = leaf.postings(term(), PostingsEnum.NONE);
        if (lacking == null) {
            return;
        }
        Bits live = leaf.getLiveDocs();
        for (int document = RecordLookup.firstLive(lacking, live);
                document != DocIdSetIterator.NO_MORE_DOCS && ids.size() < limit;
                document = RecordLookup.firstLive(lacking, live)) {
            Bytes id = id(leaf, document);
            if (view.pending(id).isEmpty()) {
                ids.add(RecordId.fromBytes(id));
            }
        }
    }

    private long countIndexed(LeafReader leaf, Set<Bytes> overlaid) throws IOException {
        PostingsEnum lacking = leaf.postings(term(), PostingsEnum.NONE);
        if (lacking == null) {
            return 0;
        }
        if (overlaid.isEmpty() && !leaf.hasDeletions()) {
            return leaf.docFreq(term());
        }
        long count = 0;
        Bits live = leaf.getLiveDocs();
        for (int document = RecordLookup.firstLive(lacking, live);
                document != DocIdSetIterator.NO_MORE_DOCS;
                document = RecordLookup.firstLive(lacking, live)) {
            count += overlaid.isEmpty() || !overlaid.contains(id(leaf, document)) ? 1 : 0;
        }
        return count;
    }

    private Term term() {
        return new Term(Fields.UNEMBEDDED, DocumentMapper.term(model));
    }

    private static Bytes id(LeafReader leaf, int document) throws IOException {
        return HitColumn.idBytes(HitColumn.read(new RecordLookup.Found(leaf, document)));
    }
}

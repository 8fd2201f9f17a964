package dev.loam.index;

import dev.loam.core.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** Finds the document of a record by its id. For one thread at a time. */
final class RecordLookup {
    /** The document that holds a record now. */
    record Found(LeafReader leaf, int document) {
        Bytes state() throws IOException {
            return StateColumn.read(leaf, document);
        }
    }

    private static final class Segment {
        private final LeafReader leaf;
        private final TermsEnum ids;
        private @Nullable PostingsEnum postings;

        Segment(LeafReader leaf, TermsEnum ids) {
            this.leaf = leaf;
            this.ids = ids;
        }

        int find(BytesRef id) throws IOException {
            if (!ids.seekExact(id)) {
                return DocIdSetIterator.NO_MORE_DOCS;
            }
            postings = ids.postings(postings, PostingsEnum.NONE);
            return firstLive(postings, leaf.getLiveDocs());
        }
    }

    /** Newest first: that is where what is asked for is most often. */
    private final List<Segment> segments;

    private RecordLookup(List<Segment> segments) {
        this.segments = segments;
    }

    static RecordLookup of(DirectoryReader reader) throws IOException {
        List<Segment> segments = new ArrayList<>();
        for (LeafReaderContext context : reader.leaves()) {
            Terms ids = context.reader().terms(Fields.ID);
            if (ids != null) {
                segments.addFirst(new Segment(context.reader(), ids.iterator()));
            }
        }
        return new RecordLookup(segments);
    }

    Optional<Found> find(Bytes id) throws IOException {
        BytesRef term = new BytesRef(id.toArray());
        for (Segment segment : segments) {
            int document = segment.find(term);
            if (document != DocIdSetIterator.NO_MORE_DOCS) {
                return Optional.of(new Found(segment.leaf, document));
            }
        }
        return Optional.empty();
    }

    static int firstLive(PostingsEnum postings, @Nullable Bits live) throws IOException {
        int document = postings.nextDoc();
        while (document != DocIdSetIterator.NO_MORE_DOCS && live != null && !live.get(document)) {
            document = postings.nextDoc();
        }
        return document;
    }
}

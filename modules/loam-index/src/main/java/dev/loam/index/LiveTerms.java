package dev.loam.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.BytesRefBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Walks the terms of one field in byte order over all segments, with the living document of each. A
 * term must have at most one such document. For one thread.
 */
final class LiveTerms {
    private static final class Segment {
        private final LeafReader leaf;
        private final TermsEnum terms;
        private @Nullable BytesRef current;
        private @Nullable PostingsEnum postings;

        Segment(LeafReader leaf, TermsEnum terms) {
            this.leaf = leaf;
            this.terms = terms;
        }

        void seek(BytesRef from) throws IOException {
            current = terms.seekCeil(from) == TermsEnum.SeekStatus.END ? null : terms.term();
        }

        int liveDocument() throws IOException {
            postings = terms.postings(postings, PostingsEnum.NONE);
            return RecordLookup.firstLive(postings, leaf.getLiveDocs());
        }
    }

    private final List<Segment> segments;
    private final BytesRefBuilder term = new BytesRefBuilder();
    private RecordLookup.@Nullable Found found;

    private LiveTerms(List<Segment> segments) {
        this.segments = segments;
    }

    static LiveTerms of(DirectoryReader reader, String field) throws IOException {
        List<Segment> segments = new ArrayList<>();
        for (LeafReaderContext context : reader.leaves()) {
            Terms terms = context.reader().terms(field);
            if (terms != null) {
                segments.add(new Segment(context.reader(), terms.iterator()));
            }
        }
        return new LiveTerms(segments);
    }

    /** The next {@link #advance} goes to the first term that is not before {@code from}. */
    void seek(BytesRef from) throws IOException {
        for (Segment segment : segments) {
            segment.seek(from);
        }
    }

    /** Goes to the next term that a living document has; false when there is none. */
    boolean advance() throws IOException {
        found = null;
        while (found == null) {
            BytesRef least = least();
            if (least == null) {
                return false;
            }
            term.copyBytes(least);
            for (Segment segment : segments) {
                if (segment.current != null && segment.current.equals(term.get())) {
                    int document = segment.liveDocument();
                    if (document != DocIdSetIterator.NO_MORE_DOCS) {
                        found = new RecordLookup.Found(segment.leaf, document);
                    }
                    segment.current = segment.terms.next();
                }
            }
        }
        return true;
    }

    /** Valid until the next advance. */
    BytesRef term() {
        return term.get();
    }

    RecordLookup.Found found() {
        RecordLookup.Found here = found;
        if (here == null) {
            throw new IllegalStateException("not on a term");
        }
        return here;
    }

    private @Nullable BytesRef least() {
        BytesRef least = null;
        for (Segment segment : segments) {
            BytesRef current = segment.current;
            if (current != null && (least == null || current.compareTo(least) < 0)) {
                least = current;
            }
        }
        return least;
    }
}

package dev.loam.index;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.ConjunctionUtils;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.RescoreTopNQuery;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.VectorScorer;
import org.apache.lucene.search.Weight;
import org.apache.lucene.search.knn.KnnSearchStrategy;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/**
 * Finds by vectors. Up to a number of matching records it compares all of their floats, which is
 * exact and as fast as a graph; above, it asks the graph and scores what that gives anew.
 */
final class VectorSearch {
    static final int SCANNED_MAX = 25_000;

    /** Of the candidates that the graph keeps while it is searched. */
    private static final int BEAM_MIN = 200;

    private static final int BEAM_PER_HIT = 5;

    /** Searching only among the matches of a filter loses most of them. */
    private static final KnnSearchStrategy STRATEGY = new KnnSearchStrategy.Hnsw(0);

    private final VaultSearcher searcher;
    private final Optional<Query> filter;
    private final int scannedMax;

    /**
     * @param filter which records may be found; without one all that the index has
     * @param scannedMax {@link #SCANNED_MAX} but in tests
     */
    VectorSearch(VaultSearcher searcher, Optional<Query> filter, int scannedMax) {
        this.searcher = searcher;
        this.filter = filter;
        this.scannedMax = scannedMax;
    }

    /**
     * @throws LoamException {@code INVALID_QUERY} if the vector has no direction, or if the index
     *     has vectors of the model but none of that dimension
     */
    List<Candidate> search(QueryVector query, int limit) throws IOException {
        Optional<float[]> unit = UnitVector.normalise(query.copy());
        if (unit.isEmpty()) {
            throw new LoamException(
                    ErrorCode.INVALID_QUERY, "the query's vector is empty, all zero or not finite");
        }
        String field = Fields.vector(query.model(), query.dimension());
        checkDimension(query, field);
        TopHits hits = new TopHits(limit);
        if (matchesAtMost(scannedMax)) {
            scan(field, unit.get(), hits);
        } else {
            askGraph(field, unit.get(), limit, hits);
        }
        return hits.candidates(VectorSearch::dotProduct);
    }

    /** Lucene's score of unit vectors is (1 + dot product) / 2. */
    private static double dotProduct(float score) {
        return 2.0 * score - 1;
    }

    private boolean matchesAtMost(int count) throws IOException {
        // No more records can match than there are: counting is spared in all but large indexes.
        return searcher.reader().lucene().numDocs() <= count
                || (filter.isPresent() && searcher.count(filter.get()) <= count);
    }

    private void scan(String field, float[] query, TopHits hits) throws IOException {
        Weight weight =
                filter.isEmpty()
                        ? null
                        : searcher.createWeight(
                                searcher.rewrite(filter.get()), ScoreMode.COMPLETE_NO_SCORES, 1);
        for (LeafReaderContext context : searcher.getLeafContexts()) {
            FloatVectorValues vectors = context.reader().getFloatVectorValues(field);
            VectorScorer scorer = vectors == null ? null : vectors.rescorer(query);
            if (scorer == null) {
                continue;
            }
            if (weight == null) {
                scanSegment(context.reader(), scorer.iterator(), scorer, hits);
            } else {
                Scorer matches = weight.scorer(context);
                if (matches != null) {
                    DocIdSetIterator both =
                            ConjunctionUtils.intersectIterators(
                                    List.of(matches.iterator(), scorer.iterator()));
                    scanSegment(context.reader(), both, scorer, hits);
                }
            }
        }
    }

    /**
     * @param documents an iterator that moves the scorer's
     */
    private static void scanSegment(
            LeafReader leaf, DocIdSetIterator documents, VectorScorer scorer, TopHits hits)
            throws IOException {
        BinaryDocValues columns = leaf.getBinaryDocValues(Fields.HIT);
        Bits live = leaf.getLiveDocs();
        for (int document = documents.nextDoc();
                document != DocIdSetIterator.NO_MORE_DOCS;
                document = documents.nextDoc()) {
            if (live == null || live.get(document)) {
                offer(document, scorer.score(), columns, hits);
            }
        }
    }

    private void askGraph(String field, float[] query, int limit, TopHits hits) throws IOException {
        int beam = Math.max(BEAM_MIN, BEAM_PER_HIT * limit);
        Query graph = new KnnFloatVectorQuery(field, query, beam, filter.orElse(null), STRATEGY);
        Query rescored =
                RescoreTopNQuery.createFullPrecisionRescorerQuery(graph, query, field, beam);
        searcher.search(rescored, HitCollector.into(hits));
    }

    private static void offer(
            int document, float score, @Nullable BinaryDocValues columns, TopHits hits)
            throws IOException {
        if (score >= hits.floor() && columns != null && columns.advanceExact(document)) {
            hits.offer(score, columns.binaryValue());
        }
    }

    private void checkDimension(QueryVector query, String field) {
        boolean otherDimension = false;
        for (LeafReaderContext context : searcher.getLeafContexts()) {
            for (FieldInfo info : context.reader().getFieldInfos()) {
                if (info.name.equals(field)) {
                    return;
                }
                otherDimension |= Fields.isVectorOf(query.model(), info.name);
            }
        }
        if (otherDimension) {
            throw new LoamException(
                    ErrorCode.INVALID_QUERY,
                    "no vector of model "
                            + query.model()
                            + " has the query's "
                            + query.dimension()
                            + " dimensions");
        }
    }
}

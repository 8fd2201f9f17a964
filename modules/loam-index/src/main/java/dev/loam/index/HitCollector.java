package dev.loam.index;

import java.io.IOException;
import java.util.Collection;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.Collector;
import org.apache.lucene.search.CollectorManager;
import org.apache.lucene.search.LeafCollector;
import org.apache.lucene.search.Scorable;
import org.apache.lucene.search.ScoreMode;

/**
 * Collects the best by (score, id). Lucene's own collector breaks ties by document number, which
 * depends on the order of arrival; this one lets documents pass that tie with the worst so far.
 */
final class HitCollector implements Collector {
    private static final Scorable NONE =
            new Scorable() {
                @Override
                public float score() {
                    return 0;
                }
            };

    private final TopHits hits;

    private HitCollector(TopHits hits) {
        this.hits = hits;
    }

    /** One collector suffices: our searchers have no executor, so they search one slice. */
    static CollectorManager<HitCollector, TopHits> into(TopHits hits) {
        return new CollectorManager<>() {
            @Override
            public HitCollector newCollector() {
                return new HitCollector(hits);
            }

            @Override
            public TopHits reduce(Collection<HitCollector> collectors) {
                return hits;
            }
        };
    }

    @Override
    public ScoreMode scoreMode() {
        return ScoreMode.TOP_SCORES;
    }

    @Override
    public LeafCollector getLeafCollector(LeafReaderContext context) throws IOException {
        BinaryDocValues columns = context.reader().getBinaryDocValues(Fields.HIT);
        return new LeafCollector() {
            private Scorable scorer = NONE;

            @Override
            public void setScorer(Scorable current) throws IOException {
                scorer = current;
                raiseFloor();
            }

            @Override
            public void collect(int document) throws IOException {
                float score = scorer.score();
                if (score >= hits.floor() && columns != null && columns.advanceExact(document)) {
                    hits.offer(score, columns.binaryValue());
                    raiseFloor();
                }
            }

            private void raiseFloor() throws IOException {
                if (hits.isFull()) {
                    scorer.setMinCompetitiveScore(hits.floor());
                }
            }
        };
    }
}

package dev.loam.index;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.lucene.util.BytesRef;

/** The best of what is offered: by score descending, then by id. */
final class TopHits {
    /** Ordered best first. */
    private record Hit(float score, BytesRef column) implements Comparable<Hit> {
        @Override
        public int compareTo(Hit other) {
            int byScore = Float.compare(other.score, score);
            return byScore != 0 ? byScore : HitColumn.compareIds(column, other.column);
        }
    }

    private final int limit;
    private final PriorityQueue<Hit> worstFirst =
            new PriorityQueue<>((one, other) -> other.compareTo(one));

    TopHits(int limit) {
        this.limit = limit;
    }

    /** What is below this cannot enter; what equals it may, by its id. */
    float floor() {
        return worstFirst.size() < limit ? Float.NEGATIVE_INFINITY : worstFirst.element().score();
    }

    /**
     * @param column copied if it is kept
     */
    void offer(float score, BytesRef column) {
        if (worstFirst.size() == limit) {
            if (new Hit(score, column).compareTo(worstFirst.element()) >= 0) {
                return;
            }
            worstFirst.remove();
        }
        worstFirst.add(new Hit(score, BytesRef.deepCopyOf(column)));
    }

    boolean isFull() {
        return worstFirst.size() == limit;
    }

    /** Best first, with the score that {@code scale} makes of Lucene's. */
    List<Candidate> candidates(Scale scale) {
        List<Hit> hits = new ArrayList<>(worstFirst);
        Collections.sort(hits);
        return hits.stream()
                .map(hit -> HitColumn.candidate(hit.column(), scale.apply(hit.score())))
                .toList();
    }

    /** What a list tells of Lucene's score. */
    interface Scale {
        double apply(float score);
    }
}

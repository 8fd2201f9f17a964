package dev.loam;

import dev.loam.core.RecordId;
import dev.loam.core.RecordState;
import dev.loam.index.Candidate;
import dev.loam.index.CandidateLists;
import dev.loam.index.IndexSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Fuses the index's lists into one ranking. Ranks are fused, not scores, because the scores of
 * words and of vectors have no common measure: weighted reciprocal rank fusion (Cormack, Clarke and
 * Büttcher, SIGIR 2009) with k = 10, since 60 is too flat for lists of a hundred. Then turns of the
 * session that the best hits come from rise, because evidence clusters, and turns that only ask
 * sink. The weights were measured; docs/decisions says on what.
 */
final class Recaller {
    static final int LIST_MIN = 100;
    private static final double RANK_CONSTANT = 10;
    private static final double TEXT_WEIGHT = 0.5;
    private static final double WINDOW_WEIGHT = 1;
    private static final double DENSE_WEIGHT = 1;
    private static final double SESSION_WEIGHT = 0.5;
    private static final int SESSION_VOTES = 3;
    private static final double QUESTION_FACTOR = 0.7;

    private record Scored(RecordId id, double score) {}

    private static final class Fused {
        final Candidate candidate;
        double sum;

        Fused(Candidate candidate) {
            this.candidate = candidate;
        }
    }

    private Recaller() {}

    /** The best {@code limit} of the candidates, read from the same snapshot. */
    static List<Hit> rank(CandidateLists lists, IndexSnapshot snapshot, int limit) {
        List<Hit> hits = new ArrayList<>();
        for (Scored scored : order(lists)) {
            if (hits.size() == limit) {
                break;
            }
            Optional<RecordState> state = snapshot.state(scored.id()).map(RecordState::decode);
            if (state.isPresent() && state.get().isAlive()) {
                hits.add(
                        new Hit(
                                hits.size() + 1,
                                scored.score(),
                                MemoryLayout.read(scored.id().key(), state.get())));
            }
        }
        return hits;
    }

    private static List<Scored> order(CandidateLists lists) {
        TreeMap<RecordId, Fused> fused = new TreeMap<>();
        add(fused, lists.text(), TEXT_WEIGHT);
        add(fused, lists.window(), WINDOW_WEIGHT);
        add(fused, lists.dense(), DENSE_WEIGHT);
        Map<String, Double> votes = sessionVotes(fused);
        List<Scored> scored = new ArrayList<>(fused.size());
        fused.forEach(
                (id, each) -> {
                    double score =
                            each.sum
                                    + each.candidate.session().map(votes::get).orElse(0.0)
                                            * SESSION_WEIGHT;
                    if (each.candidate.question()) {
                        score *= QUESTION_FACTOR;
                    }
                    scored.add(new Scored(id, score));
                });
        scored.sort(Comparator.comparingDouble(Scored::score).reversed().thenComparing(Scored::id));
        return scored;
    }

    private static void add(Map<RecordId, Fused> fused, List<Candidate> list, double weight) {
        int rank = 1;
        for (Candidate candidate : list) {
            fused.computeIfAbsent(candidate.id(), id -> new Fused(candidate)).sum +=
                    weight / (RANK_CONSTANT + rank++);
        }
    }

    /** For each session the mean of its three best sums; missing ones count as nothing. */
    private static Map<String, Double> sessionVotes(Map<RecordId, Fused> fused) {
        TreeMap<String, List<Double>> sums = new TreeMap<>();
        for (Fused each : fused.values()) {
            each.candidate
                    .session()
                    .ifPresent(
                            session ->
                                    sums.computeIfAbsent(session, name -> new ArrayList<>())
                                            .add(each.sum));
        }
        TreeMap<String, Double> votes = new TreeMap<>();
        sums.forEach(
                (session, list) ->
                        votes.put(
                                session,
                                list.stream()
                                                .sorted(Comparator.reverseOrder())
                                                .limit(SESSION_VOTES)
                                                .mapToDouble(Double::doubleValue)
                                                .sum()
                                        / SESSION_VOTES));
        return votes;
    }
}

package dev.loam.cli;

import dev.loam.core.Invariant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What a ranking was worth, given the memories that hold the answer (the gold); of one question or
 * the mean of several. All from 0 to 1.
 *
 * @param recallAt for each of {@link #CUTS}, the share of the gold among the first so many
 * @param hitAt for each of {@link #CUTS}, 1 if any of the gold is among the first so many
 * @param reciprocalRank 1 / rank of the first gold within {@value #DEPTH}, else 0
 * @param sessionHitAt1 1 if the session of the first memory is a session of the gold
 * @param sessionNdcgAt5 of sessions ranked by their best memory, binary, logarithm to the base 2
 */
record RetrievalScore(
        List<Double> recallAt,
        List<Double> hitAt,
        double reciprocalRank,
        double sessionHitAt1,
        double sessionNdcgAt5) {
    static final List<Integer> CUTS = List.of(1, 5, 10, 50);
    static final int DEPTH = 100;
    private static final int SESSION_CUT = 5;

    RetrievalScore {
        recallAt = List.copyOf(recallAt);
        hitAt = List.copyOf(hitAt);
    }

    /**
     * Scores one question.
     *
     * @param ranked keys, best first, each once; what is beyond {@value #DEPTH} does not count
     * @param gold not empty
     * @param session of a key
     */
    static RetrievalScore of(
            List<String> ranked, Set<String> gold, Function<String, String> session) {
        Invariant.check(!gold.isEmpty(), "a question without gold is skipped, not scored");
        List<String> top = ranked.subList(0, Math.min(DEPTH, ranked.size()));
        List<Integer> found =
                IntStream.range(0, top.size())
                        .filter(index -> gold.contains(top.get(index)))
                        .mapToObj(index -> index + 1)
                        .toList();
        List<Double> recallAt = new ArrayList<>();
        List<Double> hitAt = new ArrayList<>();
        for (int cut : CUTS) {
            long within = found.stream().filter(rank -> rank <= cut).count();
            recallAt.add((double) within / gold.size());
            hitAt.add(within > 0 ? 1.0 : 0.0);
        }
        List<String> sessions = distinct(top, session);
        Set<String> goldSessions = new LinkedHashSet<>(distinct(gold, session));
        return new RetrievalScore(
                recallAt,
                hitAt,
                found.isEmpty() ? 0 : 1.0 / found.getFirst(),
                !sessions.isEmpty() && goldSessions.contains(sessions.getFirst()) ? 1 : 0,
                ndcg(sessions, goldSessions));
    }

    private static List<String> distinct(
            Collection<String> keys, Function<String, String> session) {
        SequencedSet<String> sessions = new LinkedHashSet<>();
        keys.forEach(key -> sessions.add(session.apply(key)));
        return List.copyOf(sessions);
    }

    private static double ndcg(List<String> ranked, Set<String> gold) {
        double gain = 0;
        double ideal = 0;
        for (int rank = 1; rank <= SESSION_CUT; rank++) {
            double discount = Math.log(2) / Math.log(rank + 1.0);
            gain += rank <= ranked.size() && gold.contains(ranked.get(rank - 1)) ? discount : 0;
            ideal += rank <= gold.size() ? discount : 0;
        }
        return gain / ideal;
    }

    /** The mean; every question weighs the same. */
    static RetrievalScore mean(List<RetrievalScore> scores) {
        return new RetrievalScore(
                meanAt(scores, RetrievalScore::recallAt),
                meanAt(scores, RetrievalScore::hitAt),
                mean(scores, RetrievalScore::reciprocalRank),
                mean(scores, RetrievalScore::sessionHitAt1),
                mean(scores, RetrievalScore::sessionNdcgAt5));
    }

    private static List<Double> meanAt(
            List<RetrievalScore> scores, Function<RetrievalScore, List<Double>> values) {
        return IntStream.range(0, CUTS.size())
                .mapToObj(cut -> mean(scores, score -> values.apply(score).get(cut)))
                .toList();
    }

    private static double mean(
            List<RetrievalScore> scores, Function<RetrievalScore, Double> value) {
        return scores.stream().mapToDouble(value::apply).average().orElse(0);
    }
}

package dev.loam.cli;

import dev.loam.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** The answers of an evaluation, summed up by pipeline and kind of question. */
final class EvalTable {
    private static final int ADVERSARIAL = 5;

    /**
     * The mean of some questions.
     *
     * @param subset which: {@code all}, {@code all but 5}, or a category's number
     */
    record Row(
            String pipeline,
            String subset,
            int questions,
            RetrievalScore score,
            double millisPerQuery) {}

    private EvalTable() {}

    /** For each pipeline: all questions, all but the adversarial, and each category. */
    static List<Row> rows(List<LocomoEvaluation.Answer> answers) {
        List<Row> rows = new ArrayList<>();
        for (String pipeline : LocomoEvaluation.PIPELINES) {
            List<LocomoEvaluation.Answer> own =
                    answers.stream().filter(each -> each.pipeline().equals(pipeline)).toList();
            add(rows, pipeline, "all", own, category -> true);
            add(rows, pipeline, "all but 5", own, category -> category != ADVERSARIAL);
            IntStream.rangeClosed(1, ADVERSARIAL)
                    .forEach(
                            wanted ->
                                    add(
                                            rows,
                                            pipeline,
                                            Integer.toString(wanted),
                                            own,
                                            category -> category == wanted));
        }
        return rows;
    }

    private static void add(
            List<Row> rows,
            String pipeline,
            String subset,
            List<LocomoEvaluation.Answer> answers,
            Predicate<Integer> wanted) {
        List<LocomoEvaluation.Answer> chosen =
                answers.stream().filter(answer -> wanted.test(answer.category())).toList();
        if (!chosen.isEmpty()) {
            rows.add(
                    new Row(
                            pipeline,
                            subset,
                            chosen.size(),
                            RetrievalScore.mean(
                                    chosen.stream().map(LocomoEvaluation.Answer::score).toList()),
                            chosen.stream()
                                    .mapToDouble(LocomoEvaluation.Answer::millis)
                                    .average()
                                    .orElse(0)));
        }
    }

    static String header() {
        StringBuilder line =
                new StringBuilder("%-12s %-9s %5s".formatted("pipeline", "category", "n"));
        RetrievalScore.CUTS.forEach(cut -> line.append("%6s".formatted("R@" + cut)));
        line.append("%6s".formatted("MRR"));
        RetrievalScore.CUTS.forEach(cut -> line.append("%7s".formatted("Hit@" + cut)));
        return line.append("  sess.Hit@1  sess.nDCG@5  ms/query").toString();
    }

    static String line(Row row) {
        RetrievalScore score = row.score();
        StringBuilder line =
                new StringBuilder(
                        "%-12s %-9s %5d".formatted(row.pipeline(), row.subset(), row.questions()));
        score.recallAt().forEach(value -> line.append("%6s".formatted(three(value))));
        line.append("%6s".formatted(three(score.reciprocalRank())));
        score.hitAt().forEach(value -> line.append("%7s".formatted(three(value))));
        return line.append("%12s".formatted(three(score.sessionHitAt1())))
                .append("%13s".formatted(three(score.sessionNdcgAt5())))
                .append(String.format(Locale.ROOT, "%10.1f", row.millisPerQuery()))
                .toString();
    }

    private static String three(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    static JsonObject json(Row row) {
        RetrievalScore score = row.score();
        JsonObject.Builder object =
                JsonObject.builder()
                        .put("pipeline", row.pipeline())
                        .put("category", row.subset())
                        .put("questions", row.questions());
        for (int i = 0; i < RetrievalScore.CUTS.size(); i++) {
            object.put("recallAt" + RetrievalScore.CUTS.get(i), score.recallAt().get(i));
            object.put("hitAt" + RetrievalScore.CUTS.get(i), score.hitAt().get(i));
        }
        return object.put("mrr", score.reciprocalRank())
                .put("sessionHitAt1", score.sessionHitAt1())
                .put("sessionNdcgAt5", score.sessionNdcgAt5())
                .put("millisPerQuery", row.millisPerQuery())
                .build();
    }
}

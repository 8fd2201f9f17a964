package dev.loam.cli;

import dev.loam.LoamOptions;
import dev.loam.Vault;
import dev.loam.json.LocomoConversation;
import dev.loam.json.LocomoQuestion;
import dev.loam.json.LocomoReader;
import dev.loam.json.LocomoTurn;
import dev.loam.json.SourceItem;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Measures how well recall finds the turns of LoCoMo conversations that answer the questions about
 * them. Each conversation gets a fresh store; its questions are asked with words alone and then, if
 * there is a model, with the model too; {@code grep} stands beside them. Questions whose evidence
 * names no turn are skipped.
 */
final class LocomoEvaluation {
    static final String GREP = "grep";
    static final String WORDS = "words";
    static final String MODEL = "words+model";
    static final List<String> PIPELINES = List.of(GREP, WORDS, MODEL);

    /**
     * One question that was asked.
     *
     * @param pipeline {@link #GREP}, {@link #WORDS} or {@link #MODEL}
     */
    record Answer(String pipeline, int category, RetrievalScore score, double millis) {}

    private final Model model;
    private final CommonOptions common;
    private final List<Answer> answers = new ArrayList<>();
    private int conversations;
    private int turns;
    private int skipped;

    LocomoEvaluation(Model model, CommonOptions common) {
        this.model = model;
        this.common = common;
    }

    void run(LocomoReader reader, InputFile file) {
        try (ProgressLine progress = common.progress("eval", "bytes")) {
            Optional<LocomoConversation> next = reader.next();
            while (next.isPresent()) {
                evaluate(next.get());
                progress.at(file.position(), file.size());
                next = reader.next();
            }
        }
    }

    private void evaluate(LocomoConversation conversation) {
        conversations++;
        turns += conversation.turns().size();
        skipped +=
                (int)
                        conversation.questions().stream()
                                .filter(question -> conversation.gold(question).isEmpty())
                                .count();
        try (TemporaryDirectory directory = TemporaryDirectory.create()) {
            try (OpenStore store = open(directory, LoamOptions.unencrypted())) {
                fill(store.vault(), conversation);
                WordCount grep = new WordCount(conversation.turns());
                ask(conversation, GREP, question -> grep.rank(question, RetrievalScore.DEPTH));
                ask(conversation, WORDS, question -> recall(store.vault(), question));
            }
            if (model.isPresent()) {
                try (OpenStore store = open(directory, model.options())) {
                    model.embed(store.loam(), common);
                    ask(conversation, MODEL, question -> recall(store.vault(), question));
                }
            }
        }
    }

    private OpenStore open(TemporaryDirectory directory, LoamOptions options) {
        return OpenStore.open(
                directory.path().resolve("store"), "main", options, common.surroundings());
    }

    private static void fill(Vault vault, LocomoConversation conversation) {
        Iterator<LocomoTurn> turns = conversation.turns().iterator();
        Importer.Report report =
                Importer.run(
                        vault,
                        () -> turns.hasNext() ? Optional.of(item(turns.next())) : Optional.empty(),
                        () -> {});
        report.failure()
                .ifPresent(
                        failure -> {
                            throw failure;
                        });
    }

    private static SourceItem item(LocomoTurn turn) {
        return new SourceItem(turn.id(), turn.memory());
    }

    private static List<String> recall(Vault vault, String question) {
        return vault.recall(question, RetrievalScore.DEPTH).hits().stream()
                .map(hit -> hit.memory().key())
                .toList();
    }

    private void ask(
            LocomoConversation conversation,
            String pipeline,
            Function<String, List<String>> search) {
        Map<String, String> sessions = new TreeMap<>();
        conversation.turns().forEach(turn -> sessions.put(turn.memory().key(), turn.session()));
        for (LocomoQuestion question : conversation.questions()) {
            Set<String> gold = conversation.gold(question);
            if (!gold.isEmpty()) {
                Stopwatch stopwatch = Stopwatch.started();
                List<String> ranked = search.apply(question.question());
                double millis = stopwatch.seconds() * 1e3;
                answers.add(
                        new Answer(
                                pipeline,
                                question.category(),
                                RetrievalScore.of(ranked, gold, sessions::get),
                                millis));
            }
        }
    }

    List<Answer> answers() {
        return List.copyOf(answers);
    }

    int conversations() {
        return conversations;
    }

    int turns() {
        return turns;
    }

    int skipped() {
        return skipped;
    }
}

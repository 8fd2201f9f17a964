package dev.loam.cli;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.json.LocomoConversation;
import dev.loam.json.LocomoReader;
import dev.loam.json.MemorySource;
import dev.loam.json.SourceItem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The conversation that a demo works with.
 *
 * @param name what it is, for people
 */
record DemoInput(String name, List<SourceItem> turns, List<DemoQuestion> questions) {
    static final int TURNS_MAX = 10_000;
    private static final int QUESTIONS_MAX = 5;
    private static final String SAMPLE = "sample/";

    DemoInput {
        turns = List.copyOf(turns);
        questions = List.copyOf(questions);
    }

    /** The transcript that comes with Loam. */
    static DemoInput sample() {
        try (InputStream transcript = resource("transcript.jsonl");
                InputStream questions = resource("questions.json")) {
            String json = new String(questions.readAllBytes(), StandardCharsets.UTF_8);
            return new DemoInput(
                    "the sample transcript",
                    read(MemorySource.jsonLines(transcript)),
                    first(DemoQuestion.parse(json)));
        } catch (IOException impossible) {
            throw new UncheckedIOException("the sample is in this program's jar", impossible);
        }
    }

    private static InputStream resource(String name) {
        InputStream in = DemoInput.class.getResourceAsStream(SAMPLE + name);
        if (in == null) {
            throw new AssertionError("the sample " + name + " is missing in this program's jar");
        }
        return in;
    }

    /** A file: of LoCoMo's JSON the first conversation with its questions. */
    static DemoInput of(Path file) {
        try (InputFile in = InputFile.open(file)) {
            ImportFormat format = ImportFormat.AUTO.resolved(file);
            if (format == ImportFormat.LOCOMO) {
                return of(
                        LocomoReader.of(in)
                                .next()
                                .orElseThrow(() -> refused(file + " holds no conversation")));
            }
            List<SourceItem> turns = read(format.source(in));
            if (turns.isEmpty()) {
                throw refused(file + " holds no memories");
            }
            return new DemoInput(file.toString(), turns, List.of());
        } catch (IOException failed) {
            throw InputFile.failure(file, failed);
        }
    }

    private static DemoInput of(LocomoConversation conversation) {
        List<DemoQuestion> questions =
                conversation.questions().stream()
                        .map(
                                question ->
                                        new DemoQuestion(
                                                question.question(), conversation.gold(question)))
                        .filter(question -> !question.evidence().isEmpty())
                        .toList();
        return new DemoInput(
                "conversation " + conversation.id(),
                conversation.turns().stream()
                        .map(turn -> new SourceItem(turn.id(), turn.memory()))
                        .toList(),
                first(questions));
    }

    /** The same turns with questions of the user's. */
    DemoInput asking(List<String> asked) {
        return new DemoInput(
                name, turns, asked.stream().map(text -> new DemoQuestion(text, Set.of())).toList());
    }

    private static List<SourceItem> read(MemorySource source) {
        List<SourceItem> items = new ArrayList<>();
        Optional<SourceItem> next = source.next();
        while (next.isPresent() && items.size() < TURNS_MAX) {
            items.add(next.get());
            next = source.next();
        }
        return items;
    }

    private static List<DemoQuestion> first(List<DemoQuestion> questions) {
        return questions.subList(0, Math.min(QUESTIONS_MAX, questions.size()));
    }

    private static LoamException refused(String why) {
        return new LoamException(ErrorCode.INVALID_ARGUMENT, why);
    }
}

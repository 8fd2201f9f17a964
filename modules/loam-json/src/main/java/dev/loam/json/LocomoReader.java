package dev.loam.json;

import dev.loam.Memory;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads LoCoMo's JSON: an array of {@code {"sample_id", "conversation", "qa"}}, one conversation at
 * a time. Not for use by several threads; the caller closes the stream.
 */
public final class LocomoReader {
    private static final Pattern SESSION = Pattern.compile("session_(\\d{1,9})");
    private static final Pattern TURN = Pattern.compile("D(\\d{1,9}):(\\d{1,9})");
    private static final int CATEGORY_MAX = 5;
    private static final DateTimeFormatter DATE =
            new DateTimeFormatterBuilder()
                    .parseCaseInsensitive()
                    .appendPattern("h:mm a 'on' d MMMM, uuuu")
                    .toFormatter(Locale.ENGLISH);

    private final JsonElements elements;
    private int number;

    private LocomoReader(JsonElements elements) {
        this.elements = elements;
    }

    /**
     * @param utf8 the whole document, at most 16 MiB
     */
    public static LocomoReader of(InputStream utf8) {
        return new LocomoReader(JsonElements.of(utf8));
    }

    /**
     * The next conversation; empty at the end.
     *
     * @throws LoamException {@code INVALID_JSON} naming the conversation and the turn
     */
    public Optional<LocomoConversation> next() {
        number++;
        return Placed.at(
                () -> "conversation " + number,
                () -> elements.next().map(LocomoReader::conversation));
    }

    private static LocomoConversation conversation(JsonValue element) {
        JsonObject sample = object(element, "a conversation");
        String id = text(sample, "sample_id");
        JsonObject conversation = object(member(sample, "conversation"), "\"conversation\"");
        TreeMap<Integer, JsonValue.Sequence> sessions = new TreeMap<>();
        conversation
                .members()
                .forEach(
                        (name, value) -> {
                            Matcher session = SESSION.matcher(name);
                            if (session.matches() && value instanceof JsonValue.Sequence turns) {
                                sessions.put(Integer.parseInt(session.group(1)), turns);
                            }
                        });
        List<LocomoTurn> turns = new ArrayList<>();
        sessions.forEach((n, session) -> turns.addAll(turns(conversation, n, session)));
        requireDistinct(turns);
        List<LocomoQuestion> questions =
                sample.member("qa").map(LocomoReader::questions).orElse(List.of());
        return new LocomoConversation(id, turns, questions);
    }

    private static void requireDistinct(List<LocomoTurn> turns) {
        Set<String> keys = new HashSet<>();
        for (LocomoTurn turn : turns) {
            if (!keys.add(turn.memory().key())) {
                throw refused(turn.id() + " appears twice");
            }
        }
    }

    private static List<LocomoTurn> turns(
            JsonObject conversation, int number, JsonValue.Sequence turns) {
        String session = "session_%02d".formatted(number);
        Instant time = date(text(conversation, "session_" + number + "_date_time"));
        List<LocomoTurn> read = new ArrayList<>();
        for (JsonValue element : turns.elements()) {
            JsonObject turn = object(element, "a turn of " + session);
            String id = text(turn, "dia_id");
            read.add(Placed.at(() -> id, () -> turn(turn, id, session, time)));
        }
        return read;
    }

    private static LocomoTurn turn(JsonObject turn, String id, String session, Instant time) {
        Matcher numbers = TURN.matcher(id);
        if (!numbers.matches()) {
            throw refused("a dia_id is of the form D1:3");
        }
        String key =
                "D%02d:%03d"
                        .formatted(
                                Integer.parseInt(numbers.group(1)),
                                Integer.parseInt(numbers.group(2)));
        String speaker = text(turn, "speaker");
        String said = speaker + ": " + text(turn, "text");
        String shared =
                turn.member("blip_caption").isPresent()
                        ? " [shares " + text(turn, "blip_caption") + "]"
                        : "";
        Memory memory =
                Memory.of(said + shared)
                        .key(key)
                        .at(time)
                        .field("session", session)
                        .field("speaker", speaker);
        return new LocomoTurn(id, session, memory);
    }

    private static Instant date(String text) {
        try {
            return LocalDateTime.parse(text, DATE).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException malformed) {
            throw new LoamException(
                    ErrorCode.INVALID_JSON,
                    "a session's date is not of the form \"1:56 pm on 8 May, 2023\"",
                    malformed);
        }
    }

    private static List<LocomoQuestion> questions(JsonValue value) {
        if (!(value instanceof JsonValue.Sequence questions)) {
            throw refused("\"qa\" is not an array");
        }
        return questions.elements().stream().map(LocomoReader::question).toList();
    }

    private static LocomoQuestion question(JsonValue element) {
        JsonObject question = object(element, "a question");
        if (!(member(question, "category") instanceof JsonValue.Whole(long category))
                || category < 1
                || category > CATEGORY_MAX) {
            throw refused("a question's \"category\" is not a number from 1 to 5");
        }
        List<String> evidence = new ArrayList<>();
        if (question.members().get("evidence") instanceof JsonValue.Sequence entries) {
            for (JsonValue entry : entries.elements()) {
                if (!(entry instanceof JsonValue.Text(String id))) {
                    throw refused("a question's \"evidence\" is not an array of strings");
                }
                evidence.add(id);
            }
        }
        return new LocomoQuestion(text(question, "question"), (int) category, evidence);
    }

    private static JsonObject object(JsonValue value, String what) {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw refused(what + " is not an object");
    }

    private static JsonValue member(JsonObject object, String name) {
        return object.member(name).orElseThrow(() -> refused("\"" + name + "\" is missing"));
    }

    private static String text(JsonObject object, String name) {
        if (member(object, name) instanceof JsonValue.Text(String text)) {
            return text;
        }
        throw refused("\"" + name + "\" is not a string");
    }

    private static LoamException refused(String why) {
        return new LoamException(ErrorCode.INVALID_JSON, why);
    }
}

package dev.loam.json;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A conversation of the LoCoMo set: the turns in their order and the questions about them.
 *
 * <p>A turn is remembered as {@code speaker: text}, followed by {@code [shares CAPTION]} if it
 * shares a picture, with the time of its session and the fields {@code session} and {@code
 * speaker}.
 */
public record LocomoConversation(
        String id, List<LocomoTurn> turns, List<LocomoQuestion> questions) {
    private static final Pattern SEPARATOR = Pattern.compile("[;\\s]+");

    public LocomoConversation {
        turns = List.copyOf(turns);
        questions = List.copyOf(questions);
    }

    /** The keys of the turns that hold the answer; empty if the evidence names none that exists. */
    public SequencedSet<String> gold(LocomoQuestion question) {
        TreeMap<String, String> keys = new TreeMap<>();
        turns.forEach(turn -> keys.put(turn.id(), turn.memory().key()));
        SequencedSet<String> gold = new LinkedHashSet<>();
        question.evidence().stream()
                .flatMap(SEPARATOR::splitAsStream)
                .map(keys::get)
                .filter(key -> key != null)
                .forEach(gold::add);
        return Collections.unmodifiableSequencedSet(gold);
    }
}

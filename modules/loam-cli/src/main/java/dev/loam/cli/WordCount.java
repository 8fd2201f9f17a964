package dev.loam.cli;

import dev.loam.json.LocomoTurn;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What somebody with {@code grep} finds: the turns that contain most of a question's words, earlier
 * turns first among equals. The row that a search has to beat.
 */
final class WordCount {
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");

    private record Line(String key, String text) {}

    private final List<Line> lines;

    WordCount(List<LocomoTurn> turns) {
        lines =
                turns.stream()
                        .map(turn -> new Line(turn.memory().key(), lower(turn.memory().text())))
                        .toList();
    }

    /** The keys of the best lines, at most {@code limit}; a line without any word is not found. */
    List<String> rank(String question, int limit) {
        List<String> words =
                Arrays.stream(BETWEEN_WORDS.split(lower(question)))
                        .filter(word -> !word.isEmpty())
                        .distinct()
                        .toList();
        record Found(String key, long words) {}
        return lines.stream()
                .map(
                        line ->
                                new Found(
                                        line.key(),
                                        words.stream().filter(line.text()::contains).count()))
                .filter(found -> found.words() > 0)
                .sorted(Comparator.comparingLong(Found::words).reversed())
                .limit(limit)
                .map(Found::key)
                .toList();
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}

package dev.loam.embed;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The model's word pieces and their numbers. Immutable. */
final class Vocabulary {
    /** What the lookups return for a piece that the model does not know. */
    static final int ABSENT = -1;

    private static final String CONTINUATION = "##";
    private static final int PIECES = 30_522;

    private final Map<String, Integer> starts = HashMap.newHashMap(PIECES);
    private final Map<String, Integer> continuations = HashMap.newHashMap(PIECES);

    private Vocabulary() {}

    /** Reads the vocabulary from the model's jar. */
    static Vocabulary load() throws IOException {
        byte[] json = new byte[ModelFile.TOKENIZER.sizeBytes()];
        ModelFile.TOKENIZER.readInto(MemorySegment.ofArray(json));
        Vocabulary vocabulary = new Vocabulary();
        vocabulary.addAll(new String(json, StandardCharsets.UTF_8));
        return vocabulary;
    }

    /** Number of the piece that begins a word. */
    int start(String piece) {
        return starts.getOrDefault(piece, ABSENT);
    }

    /** Number of the piece that goes on with a word; without the mark it has in the file. */
    int continuation(String piece) {
        return continuations.getOrDefault(piece, ABSENT);
    }

    int size() {
        return starts.size() + continuations.size();
    }

    // The checksum pins the file, so its layout is known: one entry a line, `"piece": number,`, and
    // a backslash only before a quote or a backslash. A JSON parser would be a second library.
    private void addAll(String json) {
        int line = json.indexOf('\n', json.indexOf("\"vocab\"")) + 1;
        for (int end = json.indexOf('\n', line); ; end = json.indexOf('\n', line)) {
            int open = json.indexOf('"', line);
            if (open < 0 || open > end) {
                return;
            }
            int close = json.lastIndexOf('"', end);
            int last = json.charAt(end - 1) == ',' ? end - 1 : end;
            int number = Integer.parseInt(json, close + 3, last, 10);
            add(unescaped(json.substring(open + 1, close)), number);
            line = end + 1;
        }
    }

    private void add(String piece, int number) {
        // "##" alone is no continuation: nothing would follow the mark.
        if (piece.startsWith(CONTINUATION) && piece.length() > CONTINUATION.length()) {
            continuations.put(piece.substring(CONTINUATION.length()), number);
        } else {
            starts.put(piece, number);
        }
    }

    private static String unescaped(String piece) {
        int slash = piece.indexOf('\\');
        return slash < 0 ? piece : piece.substring(0, slash) + piece.substring(slash + 1);
    }
}

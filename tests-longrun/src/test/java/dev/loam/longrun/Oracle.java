package dev.loam.longrun;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a killable writer was heard to say, line by line: "sent KEY" before a call, "done KEY" after
 * it. A line that a kill tore lacks its end and says nothing.
 */
final class Oracle {
    private static final Pattern TEXT =
            Pattern.compile("memory (\\d\\d-(?:\\d+|after)-\\d+) [0-9a-f]+");

    private final List<String> lines = new ArrayList<>();
    private final Set<String> sent = new HashSet<>();
    private final Set<String> acknowledged = new LinkedHashSet<>();

    static Oracle of(List<String> lines) {
        Oracle oracle = new Oracle();
        lines.forEach(oracle::note);
        return oracle;
    }

    void note(String line) {
        String[] words = line.split(" ");
        if (words.length != 2) {
            return;
        }
        if (words[0].equals("sent")) {
            sent.add(words[1]);
            lines.add(line);
        } else if (words[0].equals("done") && sent.contains(words[1])) {
            acknowledged.add(words[1]);
            lines.add(line);
        }
    }

    List<String> lines() {
        return lines;
    }

    Set<String> sent() {
        return sent;
    }

    Set<String> acknowledged() {
        return acknowledged;
    }

    /**
     * Compares the log's payloads with what was heard: each acknowledged key once, none that was
     * never sent, each text whole, and whatever was sent after an answer behind what was answered.
     *
     * @return the keys in the order of the log
     */
    List<String> judge(List<RawLog.Entry> entries, List<String> faults) {
        Map<String, Long> positions = new HashMap<>();
        List<String> keys = new ArrayList<>();
        for (RawLog.Entry entry : entries) {
            String payload = entry.latin1();
            Matcher text = TEXT.matcher(payload);
            if (!text.find()) {
                check(
                        entry.position() == 1,
                        faults,
                        () -> "position %d is unknown".formatted(entry.position()));
                continue;
            }
            String key = text.group(1);
            keys.add(key);
            check(sent.contains(key), faults, () -> "%s was never sent".formatted(key));
            check(
                    payload.contains(KillableWriter.text(key)),
                    faults,
                    () -> "%s is not whole".formatted(key));
            check(
                    positions.put(key, entry.position()) == null,
                    faults,
                    () -> "%s is there twice".formatted(key));
        }
        for (String key : acknowledged) {
            check(
                    positions.containsKey(key),
                    faults,
                    () -> "%s was acknowledged and is lost".formatted(key));
        }
        judgeOrder(positions, faults);
        return keys;
    }

    private void judgeOrder(Map<String, Long> positions, List<String> faults) {
        long answered = 0;
        for (String line : lines) {
            String[] words = line.split(" ");
            long position = positions.getOrDefault(words[1], Long.MAX_VALUE);
            if (words[0].equals("done")) {
                answered = position == Long.MAX_VALUE ? answered : Math.max(answered, position);
            } else {
                check(
                        position > answered,
                        faults,
                        () -> "%s lies before what it followed".formatted(words[1]));
            }
        }
    }

    private static void check(boolean holds, List<String> faults, Supplier<String> otherwise) {
        if (!holds) {
            faults.add(otherwise.get());
        }
    }
}

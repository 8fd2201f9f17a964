package dev.loam.cli;

import dev.loam.Conflict;
import dev.loam.Hit;
import dev.loam.Inbox;
import dev.loam.Memory;
import dev.loam.core.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Memories as people read them. */
final class MemoryText {
    private static final String INDENT = "    ";
    private static final Pattern SPACES = Pattern.compile("\\s+");

    private MemoryText() {}

    /** Everything about a memory but its vectors. */
    static String full(Memory memory, Map<String, List<Value>> conflicts) {
        List<String> lines = new ArrayList<>();
        lines.add("key:   " + memory.key());
        memory.time().ifPresent(time -> lines.add("time:  " + time));
        if (!memory.tags().isEmpty()) {
            lines.add("tags:  " + String.join(", ", memory.tags()));
        }
        memory.fields().forEach((name, value) -> lines.add(name.name() + ": " + plain(value)));
        memory.counters().forEach((name, total) -> lines.add(name.name() + ": " + total));
        memory.maxima()
                .forEach((name, value) -> lines.add(name.name() + " at most: " + plain(value)));
        memory.minima()
                .forEach((name, value) -> lines.add(name.name() + " at least: " + plain(value)));
        memory.logs()
                .forEach(
                        (name, entries) -> {
                            lines.add(name.name() + ":");
                            entries.forEach(entry -> lines.add(INDENT + plain(entry)));
                        });
        lines.add("");
        lines.add(memory.text());
        conflicts.forEach(
                (name, values) -> {
                    lines.add("");
                    lines.add(name + " was also changed elsewhere at the same time, to:");
                    values.stream().skip(1).forEach(value -> lines.add(INDENT + plain(value)));
                });
        return String.join(System.lineSeparator(), lines);
    }

    /** An entry of the inbox: its id, then what was to be done, then what is there instead. */
    static String inboxEntry(Inbox.Entry entry) {
        List<String> lines = new ArrayList<>();
        lines.add(entry.id());
        StringBuilder what = new StringBuilder(INDENT + entry.what() + " " + entry.key());
        entry.field().ifPresent(field -> what.append("  ").append(field));
        entry.mine().ifPresent(value -> what.append(": ").append(plain(value)));
        lines.add(what.toString());
        entry.theirs().ifPresent(value -> lines.add(INDENT + "there is " + plain(value)));
        return String.join(System.lineSeparator(), lines);
    }

    /** One line: key, time, as much of the text as fits. */
    static String line(Memory memory, int columns) {
        String text = memory.key() + "  " + time(memory.time()) + "  " + memory.text().strip();
        return cut(text.replaceAll("\\s*\\R\\s*", " / "), columns);
    }

    /** Key, field and the value that reads return on one line, the others below. */
    static String conflict(Conflict conflict) {
        List<String> lines = new ArrayList<>();
        List<Value> values = conflict.values();
        lines.add(conflict.key() + "  " + conflict.field() + ": " + plain(values.getFirst()));
        values.stream().skip(1).forEach(value -> lines.add(INDENT + "or " + plain(value)));
        return String.join(System.lineSeparator(), lines);
    }

    /** Rank, time and key on one line, the whole text wrapped below. */
    static String hit(Hit hit, int columns) {
        Memory memory = hit.memory();
        String head = "%2d. %s  %s".formatted(hit.rank(), time(memory.time()), memory.key());
        List<String> lines = new ArrayList<>(List.of(head));
        memory.text()
                .lines()
                .forEach(
                        line ->
                                wrap(line, columns - INDENT.length())
                                        .forEach(part -> lines.add(INDENT + part)));
        return String.join(System.lineSeparator(), lines);
    }

    private static String time(Optional<Instant> time) {
        return time.map(Instant::toString).orElse("-");
    }

    static String plain(Value value) {
        return switch (value) {
            case Value.Text text -> text.text();
            case Value.Whole whole -> Long.toString(whole.number());
            case Value.Real real -> Double.toString(real.number());
            case Value.Truth truth -> Boolean.toString(truth.holds());
            case Value.Moment moment -> Instant.ofEpochMilli(moment.epochMillis()).toString();
            case Value.Binary binary -> binary.bytes().size() + " bytes";
        };
    }

    static String cut(String line, int columns) {
        return line.length() <= columns ? line : prefix(line, columns - 1) + "…";
    }

    /** At most {@code count} chars, never half of a surrogate pair. */
    private static String prefix(String text, int count) {
        boolean splitsPair = Character.isHighSurrogate(text.charAt(count - 1));
        return text.substring(0, splitsPair ? count - 1 : count);
    }

    /** Breaks at spaces; a word longer than a line keeps its own. */
    static List<String> wrap(String line, int columns) {
        List<String> lines = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        for (String word : SPACES.splitAsStream(line.strip()).toList()) {
            if (!current.isEmpty() && current.length() + 1 + word.length() > columns) {
                lines.add(current.toString());
                current.setLength(0);
            }
            current.append(current.isEmpty() ? "" : " ").append(word);
        }
        lines.add(current.toString());
        return lines;
    }
}

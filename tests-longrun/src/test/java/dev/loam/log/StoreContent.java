package dev.loam.log;

import dev.loam.longrun.RawPayloads;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a log reads as: a text for each position, wherever a compaction has put it. A STATES holds
 * "position text" lines of what was let go, a PACK a line for each position, empty if it was let
 * go; the first line of both names the compaction.
 */
final class StoreContent {
    /** In the place of a compaction's name. */
    static final String NOT_COMPACTED = "not compacted";

    private final List<String> texts = new ArrayList<>();
    private final TreeMap<Integer, String> letGo = new TreeMap<>();
    private final Set<String> compactions = new TreeSet<>();

    private StoreContent() {}

    static StoreContent of(List<LogItem> items) {
        StoreContent content = new StoreContent();
        for (LogItem item : items) {
            switch (item) {
                case LogItem.Entry entry -> content.texts.add(entry.payload().toUtf8());
                case LogItem.Pack pack -> content.pack(pack.count(), pack.payload().toUtf8());
                case LogItem.States states -> content.states(states.payload().toUtf8());
                case LogItem.LostStates lost -> content.texts.add("lost: " + lost);
                case LogItem.Damage damage -> content.texts.add("lost: " + damage);
            }
        }
        return content;
    }

    static StoreContent of(RawPayloads raw) {
        StoreContent content = new StoreContent();
        for (RawPayloads.Part part : raw.parts()) {
            switch (part.kind()) {
                case ENTRY -> content.texts.add(part.text());
                case PACK -> content.pack(part.count(), part.text());
                case STATES -> content.states(part.text());
            }
        }
        return content;
    }

    private void states(String payload) {
        List<String> lines = payload.lines().toList();
        compactions.add(lines.getFirst());
        for (String line : lines.subList(1, lines.size())) {
            int space = line.indexOf(' ');
            letGo.put(Integer.valueOf(line.substring(0, space)), line.substring(space + 1));
        }
    }

    private void pack(int count, String payload) {
        List<String> lines = payload.lines().toList();
        compactions.add(lines.getFirst());
        for (int i = 1; i <= count; i++) {
            String line = i < lines.size() ? lines.get(i) : "";
            String text = line.isEmpty() ? letGo.remove(texts.size() + 1) : line;
            texts.add(text == null ? "lost: neither in a pack nor in the states" : text);
        }
    }

    /** From position 1 on. */
    List<String> texts() {
        return texts;
    }

    /** Which compaction made the beginning; several names if it is a mixture. */
    String compaction() {
        return compactions.isEmpty() ? NOT_COMPACTED : String.join(" and ", compactions);
    }
}

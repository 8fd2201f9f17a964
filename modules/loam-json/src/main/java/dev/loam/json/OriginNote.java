package dev.loam.json;

import dev.loam.Memory;
import dev.loam.StoredMemory;
import dev.loam.core.Limits;
import dev.loam.core.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What an export said of a memory's past, as a memory of its own: nobody here saw it happen. Its
 * log {@value #CHANGES}, joined, is the changes as lines. For one thread.
 */
final class OriginNote {
    static final String PREFIX = "loam.origin/";

    private static final String KEY = "origin.key";
    private static final String COMPLETE = "origin.complete";
    private static final String CHANGES = "origin.changes";

    /** An entry is far shorter than a value may be, and a part than a batch. */
    private static final int ENTRY_CHARS_MAX = 1 << 17;

    private static final int PART_CHARS_MAX = 1 << 19;
    private static final int PART_ENTRIES_MAX = 200;

    private final List<Memory> parts = new ArrayList<>();
    private Memory part;
    private int chars;
    private int entries;

    private OriginNote(Memory first) {
        this.part = first;
    }

    static StoredMemory of(StoredMemory memory, List<JsonObject> changes, boolean complete) {
        Memory first =
                Memory.of("")
                        .key(keyOf(memory.key()))
                        .at(memory.parts().getFirst().time().orElse(Instant.EPOCH))
                        .field(KEY, memory.key())
                        .field(COMPLETE, complete);
        OriginNote note = new OriginNote(first);
        changes.forEach(change -> note.add(change + "\n"));
        note.parts.add(note.part);
        return new StoredMemory(note.parts, new TreeMap<>());
    }

    private static String keyOf(String key) {
        boolean fits = Limits.utf8Length("key", PREFIX + key) <= Limits.KEY_BYTES_MAX;
        return PREFIX + (fits ? key : ContentKey.of(key));
    }

    private void add(String line) {
        int from = 0;
        while (from < line.length()) {
            int to = Math.min(line.length(), from + ENTRY_CHARS_MAX);
            if (to < line.length() && Character.isHighSurrogate(line.charAt(to - 1))) {
                to--;
            }
            entry(line.substring(from, to));
            from = to;
        }
    }

    private void entry(String text) {
        if (entries == PART_ENTRIES_MAX
                || (entries > 0 && chars + text.length() > PART_CHARS_MAX)) {
            parts.add(part);
            part = Memory.of("").key(part.key());
            chars = 0;
            entries = 0;
        }
        part = part.entry(CHANGES, new Value.Text(text));
        chars += text.length();
        entries++;
    }
}

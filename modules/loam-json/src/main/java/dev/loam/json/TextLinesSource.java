package dev.loam.json;

import dev.loam.Memory;
import dev.loam.core.Limits;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * See {@link MemorySource#textLines}. How often a line has come is known of the last {@value
 * #REMEMBERED_MAX} different ones: so much memory, and no more, whatever the file's size. A line
 * that comes back after more than that counts as the one before it.
 */
final class TextLinesSource implements MemorySource {
    static final int REMEMBERED_MAX = 1 << 17;

    private final Lines lines;
    private final Map<String, Integer> occurrences =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
                    return size() > REMEMBERED_MAX;
                }
            };

    TextLinesSource(InputStream utf8) {
        lines = new Lines(utf8, Limits.VALUE_BYTES_MAX);
    }

    @Override
    public Optional<SourceItem> next() {
        return Placed.at(lines::place, this::read);
    }

    private Optional<SourceItem> read() {
        Optional<String> line = lines.next();
        while (line.isPresent() && line.get().isBlank()) {
            line = lines.next();
        }
        return line.map(String::strip)
                .map(text -> new SourceItem(lines.place(), Memory.of(text).key(key(text))));
    }

    private String key(String text) {
        String hash = ContentKey.of(text);
        return hash + "-" + occurrences.merge(hash, 1, Integer::sum);
    }
}

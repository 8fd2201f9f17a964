package dev.loam.json;

import dev.loam.Memory;
import java.io.InputStream;
import java.util.Optional;

/** See {@link MemorySource#jsonLines}. */
final class JsonLinesSource implements MemorySource {
    private final Lines lines;

    JsonLinesSource(InputStream utf8) {
        lines = new Lines(utf8, JsonText.DOCUMENT_BYTES_MAX);
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
        return line.map(JsonValue::parse)
                .map(LoamJson::readMemory)
                .map(memory -> new SourceItem(lines.place(), withKey(memory)));
    }

    private static Memory withKey(Memory memory) {
        return memory.key().isEmpty()
                ? memory.key(ContentKey.of(LoamJson.memory(memory).toString()))
                : memory;
    }
}

package dev.loam.cli;

import dev.loam.json.MemorySource;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What a file of memories looks like inside. */
enum ImportFormat {
    AUTO,
    JSONL,
    TEXT,
    LOCOMO;

    private static final int BYTE_ORDER_MARK_FIRST = 0xEF;
    private static final int BYTE_ORDER_MARK_REST = 2;

    MemorySource source(InputStream in) {
        return switch (this) {
            case JSONL -> MemorySource.jsonLines(in);
            case LOCOMO -> MemorySource.locomo(in);
            case TEXT -> MemorySource.textLines(in);
            case AUTO -> throw new AssertionError("AUTO must be resolved first");
        };
    }

    /** By the name, else by the first character that is not a space. */
    ImportFormat resolved(Path file) throws IOException {
        if (this != AUTO) {
            return this;
        }
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".txt") || name.endsWith(".md")) {
            return TEXT;
        }
        return switch (firstCharacter(file)) {
            case '{' -> JSONL;
            case '[' -> LOCOMO;
            default -> TEXT;
        };
    }

    private static int firstCharacter(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                InputStream buffered = new BufferedInputStream(in)) {
            int read = buffered.read();
            if (read == BYTE_ORDER_MARK_FIRST) {
                buffered.skipNBytes(BYTE_ORDER_MARK_REST);
                read = buffered.read();
            }
            while (read >= 0 && Character.isWhitespace(read)) {
                read = buffered.read();
            }
            return read;
        }
    }
}

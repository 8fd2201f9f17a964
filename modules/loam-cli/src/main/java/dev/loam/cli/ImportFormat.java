package dev.loam.cli;

import dev.loam.core.Bytes;
import dev.loam.crypto.StreamHeader;
import dev.loam.json.ExportHeader;
import dev.loam.json.MemorySource;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What a file of memories looks like inside. */
enum ImportFormat {
    AUTO,
    EXPORT,
    JSONL,
    TEXT,
    LOCOMO;

    private static final int BEGINNING_BYTES = 64;
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final int BYTE_ORDER_MARK_FIRST = 0xEF;
    private static final int BYTE_ORDER_MARK_REST = 2;

    MemorySource source(InputStream in) {
        return switch (this) {
            case JSONL -> MemorySource.jsonLines(in);
            case LOCOMO -> MemorySource.locomo(in);
            case TEXT -> MemorySource.textLines(in);
            case EXPORT -> throw new AssertionError("an export is more than memories");
            case AUTO -> throw new AssertionError("AUTO must be resolved first");
        };
    }

    /** Whether more is looked at than once. */
    boolean readsAgain() {
        return switch (this) {
            case AUTO, EXPORT -> true;
            case JSONL, TEXT, LOCOMO -> false;
        };
    }

    /** By how an export begins, else by the name, else by the first character that is no space. */
    ImportFormat resolved(Path file) throws IOException {
        if (this != AUTO) {
            return this;
        }
        if (isExport(beginning(file))) {
            return EXPORT;
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

    private static byte[] beginning(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(BEGINNING_BYTES);
        }
    }

    private static boolean isExport(byte[] beginning) {
        String text = new String(beginning, StandardCharsets.UTF_8);
        return StreamHeader.isAtBeginningOf(Bytes.copyOf(beginning))
                || ExportHeader.isAtBeginningOf(
                        text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
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

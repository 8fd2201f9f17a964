package dev.loam.json;

import dev.loam.core.LoamException;
import java.io.InputStream;
import java.util.Optional;

/**
 * The memories of a file, read one after the other. Not for use by several threads; the caller
 * closes the stream. After an exception there is nothing more to read.
 */
public sealed interface MemorySource permits JsonLinesSource, TextLinesSource, LocomoSource {
    /**
     * A JSON object a line: {@code {"key", "text", "time", "tags": [], "fields": {}, "vectors":
     * {}}}, of which only {@code text} must be there. A memory without a key gets one that is a
     * hash of the rest. Blank lines are passed over.
     */
    static MemorySource jsonLines(InputStream utf8) {
        return new JsonLinesSource(utf8);
    }

    /**
     * A memory for each line that is not blank. Its key is a hash of the line and how often the
     * line has come before.
     */
    static MemorySource textLines(InputStream utf8) {
        return new TextLinesSource(utf8);
    }

    /**
     * The turns of LoCoMo conversations, see {@link LocomoConversation}. Since a file may hold
     * several, each key and session is preceded by the conversation's id and a slash.
     */
    static MemorySource locomo(InputStream utf8) {
        return new LocomoSource(utf8);
    }

    /**
     * The next memory; empty at the end.
     *
     * @throws LoamException {@code INVALID_JSON} if the next memory is malformed, {@code
     *     LIMIT_EXCEEDED} if it is too large; the message begins with the place
     */
    Optional<SourceItem> next();
}

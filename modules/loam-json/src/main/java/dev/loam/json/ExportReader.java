package dev.loam.json;

import dev.loam.Memory;
import dev.loam.StoredMemory;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.FieldName;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import dev.loam.core.Value;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads an export, one memory at a time. That it is whole, and as it was written, is known when
 * {@link #next} has returned empty: who must not take the half of one reads it twice. For one
 * thread; the caller closes the stream. After an exception there is nothing more to read.
 */
public final class ExportReader {
    /** So many memories as a rule; see {@code docs/formats/export.md}. */
    public static final long MEMORIES_MAX = 1_000_000;

    /** The lines of one memory, with its history: more are not held. */
    static final long MEMORY_CHARS_MAX = 128L << 20;

    /**
     * A memory of an export.
     *
     * @param place where it stands, for messages
     * @param changes its history, oldest first; the caller may keep the lines as they are
     * @param complete whether these are all its changes
     */
    public record Item(
            String place, StoredMemory memory, List<JsonObject> changes, boolean complete) {
        public Item {
            changes = List.copyOf(changes);
        }

        /**
         * The history as a memory of its own, under {@code loam.origin/} and the key: what the file
         * says, and nobody here saw. Empty if the file says nothing.
         */
        public Optional<StoredMemory> origin() {
            return changes.isEmpty() || memory.key().startsWith(OriginNote.PREFIX)
                    ? Optional.empty()
                    : Optional.of(OriginNote.of(memory, changes, complete));
        }
    }

    private final Lines lines;
    private final long memoriesMax;
    private final LinesHash hash = new LinesHash();
    private final ExportHeader header;
    private ExportCounts counts = ExportCounts.NONE;
    private String digest = "";
    private String lastKey = "";

    /** Of the memory that is being read. */
    private long chars;

    /** Read already, belongs to what comes next. */
    private @Nullable JsonObject ahead;

    private ExportReader(InputStream utf8, long memoriesMax) {
        this.lines = new Lines(utf8, JsonText.DOCUMENT_BYTES_MAX);
        this.memoriesMax = memoriesMax;
        this.header = Placed.at(lines::place, () -> ExportHeader.read(hashed()));
    }

    /**
     * Reads the first line.
     *
     * @param memoriesMax more are refused
     * @throws LoamException {@code INVALID_JSON} if it is no export's; {@code FORMAT_VERSION} if it
     *     is a newer Loam's
     */
    public static ExportReader of(InputStream utf8, long memoriesMax) {
        return new ExportReader(utf8, memoriesMax);
    }

    public ExportHeader header() {
        return header;
    }

    /** How much has been read. */
    public ExportCounts counts() {
        return counts;
    }

    /** SHA-256 of all lines but the last, in hexadecimal; of an export that was read to its end. */
    public String digest() {
        return digest;
    }

    /**
     * The next memory; empty after the last, when the whole export has been found to be what was
     * written.
     *
     * @throws LoamException {@code INVALID_JSON} for a line that no export has; {@code CORRUPT} if
     *     it was cut or altered; {@code LIMIT_EXCEEDED}, {@code INVALID_ARGUMENT} for what no
     *     memory may hold. The message begins with the place and quotes nothing
     */
    public Optional<Item> next() {
        return Placed.at(lines::place, this::read);
    }

    private Optional<Item> read() {
        JsonObject line = ahead == null ? line() : ahead;
        ahead = null;
        if (ExportTrailer.isIn(line)) {
            end(line);
            return Optional.empty();
        }
        String place = lines.place();
        ExportLine.requireOnly(line, Set.of("memory", "conflicts"));
        Memory first = MemoryJson.read(ExportLine.object(line, "memory"));
        begin(first.key());
        List<Memory> parts = new ArrayList<>(List.of(first));
        SortedMap<FieldName, List<Value>> conflicts =
                line.member("conflicts").isPresent()
                        ? conflicts(ExportLine.object(line, "conflicts"))
                        : new TreeMap<>();
        JsonObject next = line();
        for (; next.member("more").isPresent(); next = line()) {
            ExportLine.requireOnly(next, Set.of("more"));
            parts.add(more(MemoryJson.read(ExportLine.object(next, "more"))));
        }
        return Optional.of(withHistory(place, new StoredMemory(parts, conflicts), next));
    }

    private void begin(String key) {
        if (Bytes.ofUtf8(key).compareTo(Bytes.ofUtf8(lastKey)) <= 0) {
            throw ExportLine.refused(
                    "a memory has no key, or not one behind that of the one before");
        }
        Limits.check("number of memories", counts.memories() + 1, memoriesMax);
        lastKey = key;
        chars = 0;
        counts = counts.plusMemory();
    }

    private Memory more(Memory part) {
        if (!part.key().equals(lastKey) || !part.text().isEmpty() || part.time().isPresent()) {
            throw ExportLine.refused("a part belongs to the memory before it, and has no text");
        }
        return part;
    }

    private static SortedMap<FieldName, List<Value>> conflicts(JsonObject fields) {
        TreeMap<FieldName, List<Value>> conflicts = new TreeMap<>();
        fields.members()
                .forEach(
                        (field, values) -> {
                            if (!(values instanceof JsonValue.Sequence sequence)
                                    || sequence.elements().size() < 2) {
                                throw ExportLine.refused("a conflict is of two values or more");
                            }
                            conflicts.put(
                                    new FieldName(field),
                                    sequence.elements().stream()
                                            .map(value -> MemoryJson.read(field, value))
                                            .toList());
                        });
        return conflicts;
    }

    private Item withHistory(String place, StoredMemory memory, JsonObject first) {
        List<JsonObject> changes = new ArrayList<>();
        JsonObject next = first;
        for (; next.member("change").isPresent(); next = line()) {
            requireHistory();
            ExportLine.requireOnly(next, Set.of("change"));
            changes.add(ExportLine.object(next, "change"));
            counts = counts.plusChange();
        }
        boolean complete = false;
        if (header.options().history()) {
            ExportLine.requireOnly(next, Set.of("complete"));
            complete = ExportLine.truth(next, "complete");
            next = line();
        }
        ahead = next;
        return new Item(place, memory, changes, complete);
    }

    private void requireHistory() {
        if (!header.options().history()) {
            throw ExportLine.refused("a history stands in an export without history");
        }
    }

    private void end(JsonObject trailer) {
        if (lines.next().isPresent()) {
            throw ExportLine.refused("something follows the last line of the export");
        }
        ExportTrailer.check(trailer, counts, digest);
        ahead = trailer;
    }

    private JsonObject line() {
        String text =
                lines.next()
                        .orElseThrow(
                                () ->
                                        new LoamException(
                                                ErrorCode.CORRUPT,
                                                "the export ends before its last line: it was cut;"
                                                        + " take another copy of the file"));
        chars += text.length();
        Limits.check("a memory with its history, in characters", chars, MEMORY_CHARS_MAX);
        JsonObject line = ExportLine.object(JsonValue.parse(text));
        if (ExportTrailer.isIn(line)) {
            digest = hash.end();
        } else {
            hash.add(text);
        }
        return line;
    }

    private String hashed() {
        String text = lines.next().orElse("");
        hash.add(text);
        return text;
    }
}

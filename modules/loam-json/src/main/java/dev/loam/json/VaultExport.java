package dev.loam.json;

import dev.loam.Change;
import dev.loam.History;
import dev.loam.Memory;
import dev.loam.StoredMemory;
import dev.loam.Vault;
import dev.loam.VaultView;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.FieldName;
import dev.loam.core.LoamException;
import dev.loam.core.Value;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * A vault, or one session of it, as lines of JSON: {@code docs/formats/export.md}. Holds one memory
 * at a time, and with history the changes of one. For one thread.
 */
public final class VaultExport {
    private final Vault vault;
    private final ExportOptions options;
    private final Consumer<String> to;
    private final LinesHash hash = new LinesHash();
    private ExportCounts counts = ExportCounts.NONE;

    private VaultExport(Vault vault, ExportOptions options, Consumer<String> to) {
        this.vault = vault;
        this.options = options;
        this.to = to;
    }

    /**
     * Writes the vault as it is at one moment; history as it is when its memory's turn comes.
     *
     * @param made now
     * @param to takes each line, without its end, which is one line feed; what it throws ends the
     *     export
     * @throws LoamException {@code NOT_FOUND} if there is no such vault; {@code CORRUPT}, {@code
     *     IO_FAILED} if it cannot be read; {@code LIMIT_EXCEEDED} if the values of one memory that
     *     are in conflict make a line of more than 16 MiB
     */
    public static ExportCounts write(
            Vault vault, ExportOptions options, Instant made, Consumer<String> to) {
        VaultExport export = new VaultExport(vault, options, to);
        try (VaultView view = vault.view()) {
            if (!view.exists()) {
                throw new LoamException(
                        ErrorCode.NOT_FOUND, "there is no vault \"" + vault.name() + "\"");
            }
            export.line(new ExportHeader(vault.name(), made, options).write());
            view.forEach(export::memory);
        }
        export.to.accept(ExportTrailer.write(export.counts, export.hash).toString());
        return export.counts;
    }

    private void memory(StoredMemory memory) {
        if (!isWanted(memory)) {
            return;
        }
        for (int i = 0; i < memory.parts().size(); i++) {
            Memory part = memory.parts().get(i);
            JsonObject written =
                    options.vectors()
                            ? MemoryJson.write(part)
                            : MemoryJson.writeWithoutVectors(part);
            JsonObject.Builder line = JsonObject.builder().put(i == 0 ? "memory" : "more", written);
            if (i == 0 && !memory.conflicts().isEmpty()) {
                line.put("conflicts", conflicts(memory.conflicts()));
            }
            line(line.build());
        }
        counts = counts.plusMemory();
        if (options.history()) {
            history(memory.key());
        }
    }

    private boolean isWanted(StoredMemory memory) {
        return options.session().isEmpty()
                || memory.parts().stream()
                        .flatMap(part -> part.field(FieldName.SESSION.name()).stream())
                        .anyMatch(new Value.Text(options.session().get())::equals);
    }

    private static JsonObject conflicts(SortedMap<FieldName, List<Value>> conflicts) {
        JsonObject.Builder object = JsonObject.builder();
        conflicts.forEach((field, values) -> object.put(field.name(), LoamJson.siblings(values)));
        return object.build();
    }

    private void history(String key) {
        History history = vault.history(key);
        for (Change change : history.changes()) {
            line(JsonObject.builder().put("change", LogJson.change(change)).build());
            counts = counts.plusChange();
        }
        line(JsonObject.builder().put("complete", history.complete()).build());
    }

    private void line(JsonObject object) {
        String line = object.toString();
        long bytes = Bytes.ofUtf8(line).size();
        if (bytes > JsonText.DOCUMENT_BYTES_MAX) {
            throw new LoamException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "a line of the export has "
                            + bytes
                            + " bytes, the limit is "
                            + JsonText.DOCUMENT_BYTES_MAX
                            + "; settle the conflicts that `loam conflicts` lists");
        }
        hash.add(line);
        to.accept(line);
    }
}

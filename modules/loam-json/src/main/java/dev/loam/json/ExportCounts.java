package dev.loam.json;

/**
 * What an export holds.
 *
 * @param memories each once, whatever parts it has
 * @param changes lines of history
 */
public record ExportCounts(long memories, long changes) {
    static final ExportCounts NONE = new ExportCounts(0, 0);

    ExportCounts plusMemory() {
        return new ExportCounts(memories + 1, changes);
    }

    ExportCounts plusChange() {
        return new ExportCounts(memories, changes + 1);
    }
}

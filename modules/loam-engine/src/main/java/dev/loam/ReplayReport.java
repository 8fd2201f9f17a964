package dev.loam;

import java.util.List;

/**
 * What {@link Loam#replay} read.
 *
 * @param batches read and sound
 * @param operations selected
 * @param compacted memories selected of which a compaction has let go the operations
 * @param damaged batches that could not be read
 * @param damage one sentence for each range of these
 */
public record ReplayReport(
        long batches, long operations, long compacted, long damaged, List<String> damage) {
    public ReplayReport {
        damage = List.copyOf(damage);
    }
}

package dev.loam;

import java.util.List;

/**
 * What {@link Loam#compact} did, or would do.
 *
 * @param replaced whether the log was changed
 * @param segmentsBefore of the log
 * @param segmentsAfter of the log
 * @param logBytesBefore the log's files
 * @param logBytesAfter the log's files
 * @param batchesKept of those in the compacted segments
 * @param batchesLetGo of those; what they made of the records is kept
 * @param keptWhole the vaults of which every batch was kept because another device may need it
 */
public record CompactReport(
        boolean replaced,
        int segmentsBefore,
        int segmentsAfter,
        long logBytesBefore,
        long logBytesAfter,
        long batchesKept,
        long batchesLetGo,
        List<String> keptWhole) {
    public CompactReport {
        keptWhole = List.copyOf(keptWhole);
    }
}

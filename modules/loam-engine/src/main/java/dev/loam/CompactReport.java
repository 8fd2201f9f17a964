package dev.loam;

import dev.loam.core.DeviceId;
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
 * @param keptForOthers of the vaults of which batches were kept that the history to keep does not
 *     ask for, in the order of their names
 */
public record CompactReport(
        boolean replaced,
        int segmentsBefore,
        int segmentsAfter,
        long logBytesBefore,
        long logBytesAfter,
        long batchesKept,
        long batchesLetGo,
        List<Kept> keptForOthers) {
    public CompactReport {
        keptForOthers = List.copyOf(keptForOthers);
    }

    /**
     * Batches that another device may need.
     *
     * @param vault by its name on this device
     * @param batches from 1
     * @param waitingFor the devices without which more could be settled, which is what lets batches
     *     go; empty where nobody but a cut is waited for
     */
    public record Kept(String vault, long batches, List<DeviceId> waitingFor) {
        public Kept {
            waitingFor = List.copyOf(waitingFor);
        }
    }
}

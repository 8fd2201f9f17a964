package dev.loam;

import java.util.List;

/**
 * What opening a store found and did.
 *
 * @param cleanlyClosed whether the last owner closed the store
 * @param replayedBatches read from the log because the index did not have them yet
 * @param indexRebuilt whether the index was missing or unusable and was built anew
 * @param notes one sentence for each cut, gap and repair
 */
public record OpenReport(
        boolean cleanlyClosed, long replayedBatches, boolean indexRebuilt, List<String> notes) {
    public OpenReport {
        notes = List.copyOf(notes);
    }
}

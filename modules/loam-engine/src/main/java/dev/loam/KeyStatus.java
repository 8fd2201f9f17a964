package dev.loam;

import dev.loam.crypto.KeyFile;
import dev.loam.crypto.Suite;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a store is sealed.
 *
 * @param epoch counts its master keys, from 1
 * @param since when the present one was made, by this device's clock
 * @param rotationDue when the store changes it by itself; empty for never
 * @param slots the ways to it
 * @param segmentsOfEarlierEpochs segments of the log that were written under an earlier one; a
 *     compaction writes them anew
 */
public record KeyStatus(
        Suite suite,
        long epoch,
        Instant since,
        Optional<Instant> rotationDue,
        List<KeyFile.Slot> slots,
        long segmentsOfEarlierEpochs) {
    public KeyStatus {
        slots = List.copyOf(slots);
    }
}

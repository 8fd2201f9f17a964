package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.time.Duration;

/** How much of what was overwritten and deleted a compaction leaves in the log. */
public sealed interface KeepHistory {
    /** Every batch stays; segments are only joined and compressed. */
    record All() implements KeepHistory {}

    /** What was written within this time, by the batches' own stamps. */
    record Age(Duration youngest) implements KeepHistory {
        /** Throws {@code INVALID_ARGUMENT} if it is negative. */
        public Age {
            if (youngest.isNegative()) {
                throw new LoamException(
                        ErrorCode.INVALID_ARGUMENT, "the age of kept history is negative");
            }
        }
    }

    /** The last so many bytes of batches, as they were appended. */
    record Size(long bytes) implements KeepHistory {
        /** Throws {@code INVALID_ARGUMENT} if it is negative. */
        public Size {
            if (bytes < 0) {
                throw new LoamException(
                        ErrorCode.INVALID_ARGUMENT, "the size of kept history is negative");
            }
        }
    }
}

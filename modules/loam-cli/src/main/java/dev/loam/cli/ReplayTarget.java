package dev.loam.cli;

import dev.loam.CompactedRecord;
import dev.loam.LoggedOperation;

/** Where the selected operations of a replay go. */
sealed interface ReplayTarget extends AutoCloseable
        permits ReplayTarget.Nothing, LinesTarget, StoreTarget {
    void take(LoggedOperation operation);

    void take(CompactedRecord record);

    /** To be called once all were taken: what was written is on the disk when it returns. */
    void finish();

    /** How many lines or memories. */
    long written();

    /** Leaves what was written. */
    @Override
    void close();

    /** Nothing is written. */
    record Nothing() implements ReplayTarget {
        @Override
        public void take(LoggedOperation operation) {}

        @Override
        public void take(CompactedRecord record) {}

        @Override
        public void finish() {}

        @Override
        public long written() {
            return 0;
        }

        @Override
        public void close() {}
    }
}

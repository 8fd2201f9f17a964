package dev.loam;

import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.Position;
import dev.loam.log.LogItem;
import java.util.Optional;

/** Finds single batches in the log, by name. */
final class LoggedBatches {
    private final Store store;

    LoggedBatches(Store store) {
        this.store = store;
    }

    /** Empty if this store does not hold it, or has let go of it. */
    Optional<LogEntry> find(BatchId wanted) {
        Optional<Position> start =
                store.runs().startAfter(wanted.vault(), wanted.actor(), wanted.sequence() - 1);
        if (start.isEmpty()) {
            return Optional.empty();
        }
        long left = RunTable.SPAN;
        try (LogWalk reader = LogWalk.after(store.log(), new Position(start.get().number() - 1))) {
            while (reader.hasNext() && left-- > 0) {
                if (reader.next() instanceof LogItem.Entry(Position at, Bytes payload)) {
                    LogEntry entry = LogEntry.decode(payload);
                    if (entry.id().equals(wanted)) {
                        return Optional.of(entry);
                    }
                }
            }
        }
        return Optional.empty();
    }
}

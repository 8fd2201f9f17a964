package dev.loam;

import dev.loam.core.BatchCodec;
import dev.loam.core.Bytes;
import dev.loam.core.Position;
import dev.loam.log.LogItem;
import dev.loam.log.OpLog;
import java.time.Instant;

/** Finds the last position that a keep-history policy lets go. */
final class CompactionCut {
    private final OpLog log;
    private final Position last;

    /**
     * @param last the last position that may be compacted
     */
    CompactionCut(OpLog log, Position last) {
        this.log = log;
        this.last = last;
    }

    /**
     * @param now the wall clock
     * @return at least {@code before}, which has been let go already
     */
    Position find(KeepHistory keep, Instant now, Position before) {
        return switch (keep) {
            case KeepHistory.All() -> before;
            case KeepHistory.Age(var youngest) ->
                    youngest.isZero()
                            ? last
                            : olderThan(now.minus(youngest).toEpochMilli(), before);
            case KeepHistory.Size(long bytes) -> allBut(bytes, before);
        };
    }

    private Position olderThan(long millis, Position before) {
        Position cut = before;
        try (LogWalk walk = LogWalk.after(log, before)) {
            while (walk.hasNext()) {
                if (walk.next() instanceof LogItem.Entry(Position position, Bytes payload)) {
                    LogEntry entry = LogEntry.decode(payload);
                    if (position.isAfter(last)
                            || BatchCodec.decode(entry.batch()).stamp().millis() > millis) {
                        break;
                    }
                    cut = position;
                }
            }
        }
        return cut;
    }

    private Position allBut(long bytes, Position before) {
        long excess = size(before) - bytes;
        Position cut = before;
        try (LogWalk walk = LogWalk.after(log, before)) {
            while (excess > 0 && walk.hasNext()) {
                if (walk.next() instanceof LogItem.Entry(Position position, Bytes payload)) {
                    if (position.isAfter(last)) {
                        break;
                    }
                    cut = position;
                    excess -= payload.size();
                }
            }
        }
        return cut;
    }

    private long size(Position after) {
        long sum = 0;
        try (LogWalk walk = LogWalk.after(log, after)) {
            while (walk.hasNext()) {
                if (walk.next() instanceof LogItem.Entry(Position position, Bytes payload)) {
                    sum += payload.size();
                }
            }
        }
        return sum;
    }
}

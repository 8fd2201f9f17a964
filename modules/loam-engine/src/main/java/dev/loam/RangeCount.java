package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.BatchCodec;
import dev.loam.core.BatchId;
import dev.loam.core.Position;
import dev.loam.core.VaultId;
import dev.loam.log.LogItem;
import dev.loam.log.OpLog;
import dev.loam.sync.Amount;
import dev.loam.sync.BatchRanges;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;

/**
 * Counts batches in the log itself, where a run lies only in part in what is asked for. Runs that
 * overlap, as those of actors who wrote at one time do, are read once.
 */
final class RangeCount {
    private final OpLog log;
    private final VaultId vault;
    private final BatchRanges ranges;
    private final SortedMap<ActorId, RunTable.Measure> measured;

    RangeCount(
            OpLog log,
            VaultId vault,
            BatchRanges ranges,
            SortedMap<ActorId, RunTable.Measure> measured) {
        this.log = log;
        this.vault = vault;
        this.ranges = ranges;
        this.measured = measured;
    }

    /** Of what is asked for, all that the run table did not count. */
    Amount count() {
        Amount amount = Amount.ZERO;
        Position read = Position.START;
        List<RunTable.Run> inOrder =
                measured.values().stream()
                        .flatMap(each -> each.uncounted().stream())
                        .sorted(Comparator.comparing(RunTable.Run::first))
                        .toList();
        for (RunTable.Run run : inOrder) {
            Position before = new Position(Math.max(read.number(), run.first().number() - 1));
            amount = amount.plus(within(before, run.last()));
            read = run.last().isAfter(read) ? run.last() : read;
        }
        return amount;
    }

    private Amount within(Position before, Position last) {
        Amount amount = Amount.ZERO;
        if (!last.isAfter(before)) {
            return amount;
        }
        try (LogWalk walk = LogWalk.after(log, before)) {
            while (walk.hasNext()) {
                if (walk.next() instanceof LogItem.Entry(Position at, var payload)) {
                    if (at.isAfter(last)) {
                        break;
                    }
                    amount = amount.plus(of(LogEntry.decode(payload)));
                }
            }
        }
        return amount;
    }

    private Amount of(LogEntry entry) {
        return isAsked(entry.id()) && isUncounted(entry.id())
                ? new Amount(
                        1, BatchCodec.decode(entry.batch()).operationCount(), entry.batch().size())
                : Amount.ZERO;
    }

    private boolean isAsked(BatchId id) {
        return id.vault().equals(vault) && ranges.contains(id.actor(), id.sequence());
    }

    /** A whole run may lie among the parts of others' that are read. */
    private boolean isUncounted(BatchId id) {
        return measured.containsKey(id.actor())
                && measured.get(id.actor()).uncounted().stream()
                        .anyMatch(
                                run ->
                                        run.firstSequence() <= id.sequence()
                                                && id.sequence() <= run.lastSequence());
    }
}

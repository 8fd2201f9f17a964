package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.BatchCodec;
import dev.loam.core.Bytes;
import dev.loam.core.Position;
import dev.loam.core.Tip;
import dev.loam.core.VaultId;
import dev.loam.core.VersionVector;
import dev.loam.log.LogItem;
import dev.loam.sync.Amount;
import dev.loam.sync.BatchRanges;
import dev.loam.sync.SequenceRange;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The batches of a vault between two cuts through its history. Reads the log on the calling thread,
 * which must not be the writer's.
 */
final class CutSpan {
    /** Positions that are read to see what kind of batches these are; further back all count. */
    private static final long READ_MAX = 100_000;

    private final Store store;
    private final VaultId vault;
    private final BatchRanges ranges;
    private final long operations;

    private CutSpan(Store store, VaultId vault, BatchRanges ranges, long operations) {
        this.store = store;
        this.vault = vault;
        this.ranges = ranges;
        this.operations = operations;
    }

    /**
     * @param from what is not in it
     * @param to what is, beyond {@code from}
     */
    static CutSpan between(Store store, VaultId vault, VersionVector from, VersionVector to) {
        TreeMap<ActorId, SequenceRange> ranges = new TreeMap<>();
        long operations = 0;
        for (var entry : to.tips().entrySet()) {
            Tip before = from.get(entry.getKey());
            Tip after = entry.getValue();
            if (after.sequence() > before.sequence()) {
                ranges.put(entry.getKey(), new SequenceRange(before.sequence(), after.sequence()));
                operations += after.counter() - before.counter();
            }
        }
        return new CutSpan(store, vault, new BatchRanges(ranges), operations);
    }

    /** Bytes only of what is still in the log; the rest is exact. */
    Unsettled measure() {
        return ranges.isEmpty()
                ? Unsettled.NONE
                : new Unsettled(ranges.batches(), operations, bytes());
    }

    private long bytes() {
        SortedMap<ActorId, RunTable.Measure> measured = store.ask(stage -> measured());
        Amount amount = new RangeCount(store.log(), vault, ranges, measured).count();
        for (RunTable.Measure each : measured.values()) {
            amount = amount.plus(each.counted());
        }
        return amount.bytes();
    }

    private SortedMap<ActorId, RunTable.Measure> measured() {
        SortedMap<ActorId, RunTable.Measure> measured = new TreeMap<>();
        ranges.ranges()
                .forEach(
                        (actor, range) ->
                                measured.put(actor, store.runs().measure(vault, actor, range)));
        return measured;
    }

    /** Whether it holds anything but acknowledgements, receipts and cuts. */
    boolean isNews() {
        if (ranges.isEmpty()) {
            return false;
        }
        Position before = store.ask(stage -> beforeFirst());
        if (store.log().end().number() - before.number() > READ_MAX) {
            return true;
        }
        try (LogWalk walk = LogWalk.after(store.log(), before)) {
            while (walk.hasNext()) {
                if (walk.next() instanceof LogItem.Entry(Position _, Bytes payload)) {
                    LogEntry entry = LogEntry.decode(payload);
                    if (entry.id().vault().equals(vault)
                            && ranges.contains(entry.id().actor(), entry.id().sequence())
                            && Unacknowledged.callsForAcknowledgement(
                                    BatchCodec.decode(entry.batch()))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private Position beforeFirst() {
        long first = store.log().end().number() + 1;
        for (var range : ranges.ranges().entrySet()) {
            first =
                    Math.min(
                            first,
                            store.runs()
                                    .startAfter(vault, range.getKey(), range.getValue().after())
                                    .map(Position::number)
                                    .orElse(first));
        }
        return new Position(first - 1);
    }
}

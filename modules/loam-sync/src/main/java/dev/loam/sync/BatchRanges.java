package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.Invariant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Batches of a vault, named by one unbroken range for each actor. Immutable. */
public record BatchRanges(SortedMap<ActorId, SequenceRange> ranges) {
    public static final BatchRanges NONE = new BatchRanges(new TreeMap<>());

    public BatchRanges {
        ranges = Collections.unmodifiableSortedMap(new TreeMap<>(ranges));
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** How many batches these are. */
    public long batches() {
        return ranges.values().stream().mapToLong(SequenceRange::batches).sum();
    }

    public boolean contains(ActorId actor, long sequence) {
        SequenceRange range = ranges.get(actor);
        return range != null && range.contains(sequence);
    }

    /** What lies between two frontiers, given as the number of each actor's last batch. */
    static BatchRanges between(Map<ActorId, Long> lower, Map<ActorId, Long> upper) {
        TreeMap<ActorId, SequenceRange> between = new TreeMap<>();
        upper.forEach(
                (actor, through) -> {
                    long after = lower.getOrDefault(actor, 0L);
                    if (after < through) {
                        between.put(actor, new SequenceRange(after, through));
                    }
                });
        return new BatchRanges(between);
    }

    /**
     * Whether {@code entries} are among these batches, each actor's from its first on without a
     * gap.
     */
    public boolean isBegunBy(List<SyncEntry> entries) {
        return beginsWith(entries);
    }

    /** Whether {@code range} is where this actor's begins. */
    boolean isBegunBy(ActorId actor, SequenceRange range) {
        SequenceRange whole = ranges.get(actor);
        return whole != null
                && whole.after() == range.after()
                && range.through() <= whole.through();
    }

    /** The number of each actor's last batch. */
    SortedMap<ActorId, Long> frontier() {
        TreeMap<ActorId, Long> frontier = new TreeMap<>();
        ranges.forEach((actor, range) -> frontier.put(actor, range.through()));
        return frontier;
    }

    boolean beginsWith(List<SyncEntry> entries) {
        Map<ActorId, Long> reached = new TreeMap<>();
        for (SyncEntry entry : entries) {
            SequenceRange range = ranges.get(entry.actor());
            if (range == null) {
                return false;
            }
            long before = reached.getOrDefault(entry.actor(), range.after());
            if (entry.sequence() != before + 1 || entry.sequence() > range.through()) {
                return false;
            }
            reached.put(entry.actor(), entry.sequence());
        }
        return true;
    }

    /** These without {@code entries}, with which they begin. */
    BatchRanges without(List<SyncEntry> entries) {
        return after(SyncEntry.reached(entries));
    }

    /** These ranges, each begun after the number given for its actor. */
    BatchRanges after(Map<ActorId, Long> sequences) {
        TreeMap<ActorId, SequenceRange> left = new TreeMap<>(ranges);
        sequences.forEach((actor, sequence) -> shorten(left, actor, sequence));
        return new BatchRanges(left);
    }

    /** These and {@code more}, whose ranges each begin where this actor's end, if it has one. */
    BatchRanges plus(BatchRanges more) {
        TreeMap<ActorId, SequenceRange> all = new TreeMap<>(ranges);
        more.ranges.forEach(
                (actor, range) -> {
                    SequenceRange before = all.get(actor);
                    Invariant.check(
                            before == null || before.through() == range.after(),
                            "Ranges of {0} are apart",
                            actor);
                    long after = before == null ? range.after() : before.after();
                    all.put(actor, new SequenceRange(after, range.through()));
                });
        return new BatchRanges(all);
    }

    /** These, each begun at the end of the same actor's range in {@code before}, if it has one. */
    BatchRanges onTopOf(BatchRanges before) {
        TreeMap<ActorId, SequenceRange> moved = new TreeMap<>();
        ranges.forEach(
                (actor, range) -> {
                    SequenceRange known = before.ranges.get(actor);
                    long after = known == null ? range.after() : known.through();
                    if (after < range.through()) {
                        moved.put(actor, new SequenceRange(after, range.through()));
                    }
                });
        return new BatchRanges(moved);
    }

    private static void shorten(
            SortedMap<ActorId, SequenceRange> left, ActorId actor, long sequence) {
        left.computeIfPresent(
                actor,
                (same, range) ->
                        sequence >= range.through()
                                ? null
                                : new SequenceRange(
                                        Math.max(sequence, range.after()), range.through()));
    }
}

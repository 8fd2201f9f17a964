package dev.loam.sync;

import dev.loam.core.ActorId;
import java.util.Collections;
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

    /** These ranges, each begun after the number given for its actor. */
    BatchRanges after(Map<ActorId, Long> sequences) {
        TreeMap<ActorId, SequenceRange> left = new TreeMap<>(ranges);
        sequences.forEach((actor, sequence) -> shorten(left, actor, sequence));
        return new BatchRanges(left);
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

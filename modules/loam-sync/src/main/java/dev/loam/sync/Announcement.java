package dev.loam.sync;

import dev.loam.core.ActorId;

/** What one side is about to send of a vault: which batches, and how much that is. */
record Announcement(BatchRanges ranges, long operations, long bytes) {
    Amount amount() {
        return new Amount(ranges.batches(), operations, bytes);
    }

    static Announcement of(BatchRanges ranges, Amount amount) {
        return new Announcement(ranges, amount.operations(), amount.bytes());
    }

    /** Actors whose ranges fit the end of what is outstanding, where anything is. */
    boolean continues(BatchRanges outstanding) {
        return ranges.ranges().entrySet().stream()
                .allMatch(entry -> continues(outstanding, entry.getKey(), entry.getValue()));
    }

    private static boolean continues(BatchRanges before, ActorId actor, SequenceRange range) {
        SequenceRange known = before.ranges().get(actor);
        return known == null || known.through() == range.after();
    }
}

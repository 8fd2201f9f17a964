package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.Invariant;
import dev.loam.core.VaultId;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A batch on its way between stores.
 *
 * @param batch its canonical bytes; a session does not look into them
 * @param seal the author's signature over the chain up to this batch, 64 bytes
 */
public record SyncEntry(ActorId actor, long sequence, Bytes batch, Optional<Bytes> seal) {
    public static final int SEAL_BYTES = 64;

    /**
     * Added to the batch's size to weigh an entry: more than its actor, number, lengths and seal.
     */
    public static final int ENVELOPE_BYTES = 96;

    public SyncEntry {
        Invariant.check(
                1 <= sequence && sequence <= ActorHead.SEQUENCE_MAX,
                "Entry with sequence {0}",
                sequence);
        Invariant.check(seal.isEmpty() || seal.get().size() == SEAL_BYTES, "Seal of a wrong size");
    }

    public BatchId id(VaultId vault) {
        return new BatchId(vault, actor, sequence);
    }

    public boolean isSealed() {
        return seal.isPresent();
    }

    /** What the entry counts against windows and frames, in bytes; at least what it takes there. */
    public long weight() {
        return (long) batch.size() + ENVELOPE_BYTES;
    }

    static long weight(Collection<SyncEntry> entries) {
        return entries.stream().mapToLong(SyncEntry::weight).sum();
    }

    /** The last sequence of each actor among {@code entries}. */
    static SortedMap<ActorId, Long> reached(Collection<SyncEntry> entries) {
        SortedMap<ActorId, Long> reached = new TreeMap<>();
        entries.forEach(entry -> reached.put(entry.actor(), entry.sequence()));
        return reached;
    }

    /** The same without those of {@code parked}, which are each actor's last. */
    static SortedMap<ActorId, Long> reachedWithout(
            Collection<SyncEntry> entries, BatchRanges parked) {
        return reached(
                entries.stream()
                        .filter(entry -> !parked.contains(entry.actor(), entry.sequence()))
                        .toList());
    }
}

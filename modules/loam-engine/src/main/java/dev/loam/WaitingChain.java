package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Batch;
import dev.loam.core.VersionVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One author's batches in a vault that wait and that one peer sent: a run without a gap. */
final class WaitingChain {
    private final ActorId actor;
    private final TreeMap<Long, WaitingBatch> batches = new TreeMap<>();

    /** What all of them build on, and some that are gone: all true of their author. */
    private VersionVector names = VersionVector.EMPTY;

    /** Empty once later ones were dropped. */
    private Optional<SealCheck.Head> head = Optional.empty();

    private long lastSealed;

    WaitingChain(ActorId actor) {
        this.actor = actor;
    }

    ActorId actor() {
        return actor;
    }

    boolean isEmpty() {
        return batches.isEmpty();
    }

    long first() {
        return batches.firstKey();
    }

    long last() {
        return batches.lastKey();
    }

    /** The last that may be tried: none is without a seal at or behind it. */
    long lastSealed() {
        return lastSealed;
    }

    VersionVector names() {
        return names;
    }

    /** How far the chain is with the last of them. */
    Optional<SealCheck.Head> head() {
        return head;
    }

    Iterable<WaitingBatch> batches() {
        return batches.values();
    }

    Optional<WaitingBatch> at(long sequence) {
        return Optional.ofNullable(batches.get(sequence));
    }

    /** The first from {@code sequence} on that a seal covers. */
    Optional<WaitingBatch> sealedFrom(long sequence) {
        return Optional.ofNullable(batches.ceilingEntry(sequence))
                .map(Map.Entry::getValue)
                .filter(found -> found.sequence() <= lastSealed);
    }

    /**
     * Whether a batch that has come again adds nothing: it is here, and a seal over it as well
     * unless it has none itself.
     */
    boolean holds(IncomingBatch incoming) {
        return at(incoming.entry().sequence())
                .filter(known -> known.isSameBatch(incoming.entry()))
                .filter(known -> !incoming.entry().isSealed() || known.sequence() <= lastSealed)
                .isPresent();
    }

    /** Whether a batch that is not here follows on what is. */
    boolean isContinuedBy(long sequence) {
        return batches.isEmpty() || sequence == last() + 1;
    }

    void add(WaitingBatch waiting, Batch batch, SealCheck.Head reached) {
        batches.put(waiting.sequence(), waiting);
        head = Optional.of(reached);
        names = batch.contextAfter(names);
        if (waiting.isSealed()) {
            lastSealed = waiting.sequence();
        }
    }

    /** Takes out all up to a batch, that included. */
    List<WaitingBatch> dropThrough(long sequence) {
        return drop(batches.headMap(sequence, true));
    }

    /** Takes out all from a batch on. */
    List<WaitingBatch> dropFrom(long sequence) {
        List<WaitingBatch> dropped = drop(batches.tailMap(sequence, true));
        if (!dropped.isEmpty()) {
            head = Optional.empty();
            lastSealed = 0;
            for (WaitingBatch each : batches.values()) {
                lastSealed = each.isSealed() ? each.sequence() : lastSealed;
            }
        }
        return dropped;
    }

    private static List<WaitingBatch> drop(Map<Long, WaitingBatch> some) {
        List<WaitingBatch> dropped = new ArrayList<>(some.values());
        some.clear();
        return dropped;
    }
}

package dev.loam.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a vault has forgotten. A function of the set of batches applied, but for what is awaited:
 * that depends on which of them were cut when they came.
 *
 * @param awaited the purges that have not come, for which parts of applied batches were cut out
 * @param purges how often each record was purged, by {@link #name}. Kept for good: whoever comes
 *     home after everybody has settled a purge must not bring back what it took
 */
record Erasures(SortedSet<Dot> awaited, SortedMap<Bytes, Long> purges) {
    static final Erasures NONE = new Erasures(new TreeSet<>(), new TreeMap<>());

    private static final Bytes LABEL = Bytes.ofUtf8("loam/forgotten/1");

    /** Takes over its arguments: nobody may write to them again. */
    Erasures {
        awaited = Collections.unmodifiableSortedSet(awaited);
        purges = Collections.unmodifiableSortedMap(purges);
    }

    boolean isNone() {
        return awaited.isEmpty() && purges.isEmpty();
    }

    /** By what a record is known when it is forgotten. */
    static Bytes name(VaultId vault, String key) {
        return Sha256.of(LABEL, vault.bytes(), Bytes.ofUtf8(key));
    }

    /**
     * With a batch more.
     *
     * @param before how far each actor was before it
     */
    Erasures applied(BatchId id, Batch batch, Roster before) {
        Erasures counted = counted(id.vault(), batch);
        if (awaited.isEmpty() && batch.cuts().isEmpty()) {
            return counted;
        }
        SortedSet<Dot> more = new TreeSet<>(awaited);
        batch.cuts().stream()
                .map(CutPart::purge)
                .filter(purge -> purge.counter() > before.tip(purge.actor()).counter())
                .forEach(more::add);
        long counter = batch.tip(id.sequence()).counter();
        more.removeIf(purge -> purge.actor().equals(id.actor()) && purge.counter() <= counter);
        return new Erasures(more, counted.purges);
    }

    private Erasures counted(VaultId vault, Batch batch) {
        List<Bytes> purged = new ArrayList<>();
        for (Part part : batch.parts()) {
            for (Operation operation : part.operations()) {
                if (operation instanceof Operation.Purge) {
                    purged.add(name(vault, part.key()));
                }
            }
        }
        if (purged.isEmpty()) {
            return this;
        }
        SortedMap<Bytes, Long> more = new TreeMap<>(purges);
        purged.forEach(each -> more.merge(each, 1L, Long::sum));
        return new Erasures(awaited, more);
    }

    /** Whether a batch holds the purges that were awaited in its place. */
    boolean areMetBy(BatchId id, Batch batch) {
        long next = batch.firstCounter() + batch.operationCount();
        return awaited.stream()
                .filter(purge -> purge.actor().equals(id.actor()) && purge.counter() < next)
                .allMatch(purge -> holdsPurge(batch, purge.counter()));
    }

    private static boolean holdsPurge(Batch batch, long wanted) {
        PrimitiveIterator.OfLong counters = batch.partCounters();
        for (Part part : batch.parts()) {
            long place = wanted - counters.nextLong();
            if (place >= 0 && place < part.operations().size()) {
                return part.operations().get((int) place) instanceof Operation.Purge;
            }
        }
        return false;
    }
}

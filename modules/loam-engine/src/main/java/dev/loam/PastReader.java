package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.ClosedActor;
import dev.loam.core.Dependency;
import dev.loam.core.Part;
import dev.loam.core.Position;
import dev.loam.core.RecordId;
import dev.loam.core.RecordState;
import dev.loam.core.Stamp;
import dev.loam.core.Tip;
import dev.loam.core.VaultState;
import dev.loam.core.VersionVector;
import dev.loam.index.StoredRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Gathers the past of one record from the log. Reads the entries that change the record, and for
 * each of those, of every other actor who wrote to it or may have before the log begins, the one by
 * which its author last told what it had seen of that. For one thread and one record.
 */
final class PastReader implements AutoCloseable {
    /** An entry that changes the record; positions order entries by causality. */
    private record Touch(long position, BatchId id, Stamp stamp, long firstCounter, Part part) {}

    private record Pair(ActorId author, ActorId other) {}

    private record Telling(Pair pair, long position) {}

    private final RecordPlaces.Sight sight;
    private final EntryReader entries;
    private final RecordId record;
    private final Optional<VaultState> compacted;
    private final SortedMap<ActorId, ClosedActor> closed;
    private final Map<Pair, long[]> told = new HashMap<>();
    private final Map<Telling, Optional<Tip>> tips = new HashMap<>();

    /**
     * @param compacted the record's vault as it was when a compaction let go of its batches
     * @param closed who has left the vault by now
     */
    PastReader(
            RecordPlaces.Sight sight,
            EntryReader entries,
            RecordId record,
            Optional<VaultState> compacted,
            SortedMap<ActorId, ClosedActor> closed) {
        this.sight = sight;
        this.entries = entries;
        this.record = record;
        this.compacted = compacted;
        this.closed = closed;
    }

    /** What the log of a store knows of a record. */
    static RecordPast read(Store store, RecordId record) {
        while (true) {
            long before = store.firstSegment();
            RecordPast past = readOnce(store, record);
            // Else a compaction may have come between its two looks at the log.
            if (before == store.firstSegment()) {
                return past;
            }
        }
    }

    private static RecordPast readOnce(Store store, RecordId record) {
        Optional<VaultState> letGo =
                Compaction.presentStates(store.log())
                        .map(States.Vaults::state)
                        .map(known -> known.vaults().get(record.vault()));
        SortedMap<ActorId, ClosedActor> closed = store.state().vault(record.vault()).closed();
        try (PastReader reader =
                new PastReader(
                        store.places().look(),
                        new EntryReader(store.log()),
                        record,
                        letGo,
                        closed)) {
            return reader.read();
        }
    }

    RecordPast read() {
        List<Touch> touches = new ArrayList<>();
        for (long position : positions(RecordHash.ofRecord(record))) {
            entries.at(new Position(position))
                    .ifPresent(entry -> addTouch(touches, position, entry));
        }
        List<RecordPast.Step> steps = steps(touches);
        Optional<RecordPast.Base> base = compacted.map(this::base);
        return new RecordPast(base, steps, sight.isComplete() && !entries.metDamage());
    }

    private RecordPast.Base base(VaultState vault) {
        RecordState state = RecordState.EMPTY;
        for (Bytes block : sight.states(RecordHash.ofRecord(record))) {
            if (States.decode(block) instanceof States.Records records) {
                for (StoredRecord each : records.records()) {
                    if (each.id().equals(record)) {
                        state = RecordState.decode(each.state());
                    }
                }
            }
        }
        Stamp until =
                vault.actors().values().stream()
                        .map(ActorState::stamp)
                        .max(Comparator.naturalOrder())
                        .orElse(Stamp.ZERO);
        return new RecordPast.Base(state, until);
    }

    private long[] positions(long hash) {
        PositionList found = new PositionList();
        sight.forEach(hash, found::add);
        return found.toArray();
    }

    private void addTouch(List<Touch> touches, long position, LogEntry entry) {
        if (!entry.id().vault().equals(record.vault()) || isInBase(entry.id())) {
            return;
        }
        Batch batch = BatchCodec.decode(entry.batch());
        PrimitiveIterator.OfLong counters = batch.partCounters();
        for (Part part : batch.parts()) {
            long counter = counters.nextLong();
            if (part.key().equals(record.key())) {
                touches.add(new Touch(position, entry.id(), batch.stamp(), counter, part));
            }
        }
    }

    /** Kept for peers beside the states that the past begins with. */
    private boolean isInBase(BatchId id) {
        return compacted
                .flatMap(vault -> vault.actor(id.actor()))
                .filter(actor -> id.sequence() <= actor.tip().sequence())
                .isPresent();
    }

    private List<RecordPast.Step> steps(List<Touch> touches) {
        TreeSet<ActorId> authors = new TreeSet<>();
        touches.forEach(touch -> authors.add(touch.id().actor()));
        compacted.ifPresent(vault -> authors.addAll(vault.actors().keySet()));
        List<RecordPast.Step> steps = new ArrayList<>();
        Map<ActorId, TreeMap<Long, Stamp>> orders = new HashMap<>();
        for (Touch touch : touches) {
            VersionVector context = contextOf(touch, authors);
            Stamp order = orderOf(touch, context, orders);
            orders.computeIfAbsent(touch.id().actor(), absent -> new TreeMap<>())
                    .put(touch.firstCounter(), order);
            steps.add(
                    new RecordPast.Step(
                            touch.id(),
                            touch.stamp(),
                            order,
                            touch.firstCounter(),
                            touch.part().operations(),
                            context));
        }
        // Of two with equal orders neither has seen the other.
        steps.sort(
                Comparator.comparing(RecordPast.Step::order)
                        .thenComparing(step -> step.batch().actor()));
        return steps;
    }

    /** The stamp, but after that of anything that the author had seen. */
    private static Stamp orderOf(
            Touch touch, VersionVector context, Map<ActorId, TreeMap<Long, Stamp>> orders) {
        Stamp order = touch.stamp();
        for (Map.Entry<ActorId, TreeMap<Long, Stamp>> author : orders.entrySet()) {
            long seen =
                    author.getKey().equals(touch.id().actor())
                            ? touch.firstCounter()
                            : context.get(author.getKey()).counter();
            Map.Entry<Long, Stamp> last = author.getValue().floorEntry(seen);
            if (last != null) {
                order = order.max(new Stamp(last.getValue().bits() + 1));
            }
        }
        return order;
    }

    /**
     * What the author of the touch had applied of others who may have written to the record: what
     * was settled in the states that the past begins with, and what it has told.
     */
    private VersionVector contextOf(Touch touch, SortedSet<ActorId> authors) {
        ActorId author = touch.id().actor();
        Map<ActorId, Tip> tips = new TreeMap<>();
        for (ActorId other : authors) {
            if (!other.equals(author)) {
                lastTold(author, other, touch.position())
                        .or(() -> ofOneThatHadLeft(author, other))
                        .ifPresent(tip -> tips.put(other, tip));
            }
        }
        VersionVector settled = compacted.map(VaultState::horizon).orElse(VersionVector.EMPTY);
        return settled.join(VersionVector.of(tips));
    }

    /** Who never names a closed actor came later, with all that there is of it. */
    private Optional<Tip> ofOneThatHadLeft(ActorId author, ActorId other) {
        return tellings(new Pair(author, other)).length > 0
                ? Optional.empty()
                : Optional.ofNullable(closed.get(other)).map(ClosedActor::tip);
    }

    private Optional<Tip> lastTold(ActorId author, ActorId other, long position) {
        Pair pair = new Pair(author, other);
        long[] places = tellings(pair);
        int found = Arrays.binarySearch(places, position);
        for (int i = found < 0 ? -found - 2 : found; i >= 0; i--) {
            Optional<Tip> tip = tips.computeIfAbsent(new Telling(pair, places[i]), this::tipTold);
            if (tip.isPresent()) {
                return tip;
            }
        }
        return Optional.empty();
    }

    private long[] tellings(Pair pair) {
        return told.computeIfAbsent(
                pair,
                each ->
                        positions(
                                RecordHash.ofDependency(
                                        record.vault(), each.author(), each.other())));
    }

    private Optional<Tip> tipTold(Telling telling) {
        return entries.at(new Position(telling.position()))
                .flatMap(entry -> tipIn(entry, telling.pair().author(), telling.pair().other()));
    }

    private Optional<Tip> tipIn(LogEntry entry, ActorId author, ActorId other) {
        if (!entry.id().vault().equals(record.vault()) || !entry.id().actor().equals(author)) {
            return Optional.empty();
        }
        return BatchCodec.decode(entry.batch()).dependencies().stream()
                .filter(named -> named.actor().equals(other))
                .map(Dependency::tip)
                .findFirst();
    }

    @Override
    public void close() {
        entries.close();
    }
}

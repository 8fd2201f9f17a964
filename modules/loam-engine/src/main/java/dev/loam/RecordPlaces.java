package dev.loam;

import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.Bytes;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.index.StoredRecord;
import dev.loam.log.LogItem;
import dev.loam.log.OpLog;
import dev.loam.log.SegmentInfo;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Where in the log the operations of a record lie. Sealed segments are asked through their annexes,
 * the one that is being written through a list in memory, 12 bytes a pair. The writer thread
 * extends that list; any thread asks.
 *
 * <p>An annex is derived: whatever keeps one from being written costs a later question the reading
 * of its segment, and nothing else.
 */
final class RecordPlaces {
    /** A segment up to this size is read whole as quickly as an annex would be. */
    static final long READ_WHOLE_BYTES_MAX = 64 << 10;

    /** What a batch takes in a segment beside its own bytes: identity, hash, frame. */
    private static final int ENTRY_BYTES = 115;

    private final StoreFolder folder;
    private final OpLog log;
    private final Map<Long, SoftReference<RecordAnnex>> known = new ConcurrentHashMap<>();
    private final LongAdder entriesScanned = new LongAdder();
    private volatile AnnexTail tail = AnnexTail.NONE;

    // Touched by the writer thread alone, and by who closes when that has ended.
    private @Nullable Thread finishing;
    private long tailBytes;

    RecordPlaces(StoreFolder folder, OpLog log) {
        this.folder = folder;
        this.log = log;
    }

    /**
     * Takes in what was appended just now. The writer thread only.
     *
     * @param before the position before the first of them
     */
    void appended(List<LogEntry> entries, List<Batch> batches, Position before) {
        AnnexTail extended = tail;
        Optional<SegmentInfo> active = log.activeSegment();
        if (active.isEmpty()) {
            return;
        }
        SegmentInfo segment = active.get();
        if (segment.number() != extended.segment()) {
            finishInBackground(extended);
            tailBytes = 0;
            extended = AnnexTail.begin(segment.number(), segment.first().number());
        }
        for (int i = 0; i < entries.size(); i++) {
            extended = extended.with(before.number() + 1 + i, entries.get(i).id(), batches.get(i));
            tailBytes += entries.get(i).batch().size() + ENTRY_BYTES;
        }
        tail = extended;
    }

    /** Sorting and forcing take longer than a put may wait. */
    private void finishInBackground(AnnexTail full) {
        awaitFinished();
        long bytes = tailBytes;
        finishing = Thread.ofVirtual().name("loam-annex").start(() -> finish(full, bytes));
    }

    /** To be called when the writer has ended and before the log is closed. */
    void close() {
        awaitFinished();
        finish(tail, tailBytes);
    }

    private void awaitFinished() {
        Thread running = finishing;
        boolean interrupted = false;
        while (running != null && running.isAlive()) {
            try {
                running.join();
            } catch (InterruptedException wanted) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * @param bytes of what the segment holds, about: its file, while written, has zeros ahead
     */
    private void finish(AnnexTail full, long bytes) {
        for (SegmentInfo segment : log.segments()) {
            boolean isLarge = Math.min(bytes, segment.bytes()) > READ_WHOLE_BYTES_MAX;
            if (segment.number() == full.segment() && isLarge) {
                RecordAnnex annex = full.sorted(false);
                known.put(segment.number(), new SoftReference<>(annex));
                write(segment, annex);
            }
        }
    }

    private void write(SegmentInfo segment, RecordAnnex annex) {
        try {
            Bytes sealed = folder.sealed(annexName(segment), annex.encode());
            log.writeAnnex(segment.number(), sealed);
        } catch (LoamException refused) {
            // A full disk, or the segment has gone: there is no annex then, which is allowed.
            return;
        }
    }

    private static String annexName(SegmentInfo segment) {
        return "annex-" + segment.number();
    }

    /** The log as it is now. */
    Sight look() {
        // In this order: a segment that is sealed meanwhile is then answered from its tail.
        AnnexTail newest = tail;
        Position end = log.end();
        return new Sight(newest, log.segments(), end);
    }

    /** Entries that were read to make annexes, since the start. */
    long entriesScanned() {
        return entriesScanned.sum();
    }

    /** One look at the log; what is appended later is not in it. */
    final class Sight {
        private final AnnexTail newest;
        private final List<SegmentInfo> segments;
        private boolean complete;

        private Sight(AnnexTail newest, List<SegmentInfo> segments, Position end) {
            this.newest = newest;
            this.segments = segments;
            long next = 1;
            complete = true;
            for (SegmentInfo segment : segments) {
                complete &= segment.first().number() == next;
                next = segment.last().number() + 1;
            }
            complete &= end.number() < next;
        }

        /** Calls with the positions of a hash, ascending. */
        void forEach(long hash, LongConsumer position) {
            for (SegmentInfo segment : segments) {
                if (segment.number() == newest.segment()) {
                    newest.forEach(hash, position);
                } else if (segment.sealed()) {
                    RecordAnnex annex = annexOf(segment);
                    complete &= !annex.damaged();
                    long last = segment.last().number();
                    annex.forEach(
                            hash,
                            found -> {
                                if (found <= last) {
                                    position.accept(found);
                                }
                            });
                }
            }
        }

        /** The states that may hold a record of this hash, as a compaction left it. */
        List<Bytes> states(long hash) {
            List<Bytes> found = new ArrayList<>();
            for (SegmentInfo segment : segments) {
                if (segment.compacted()) {
                    annexOf(segment)
                            .forEachState(
                                    hash,
                                    place -> {
                                        Optional<Bytes> block =
                                                log.statesAt(segment.number(), place);
                                        complete &= block.isPresent();
                                        block.ifPresent(found::add);
                                    });
                }
            }
            return found;
        }

        /** Whether no segment asked so far lacks entries. */
        boolean isComplete() {
            return complete;
        }
    }

    private RecordAnnex annexOf(SegmentInfo segment) {
        SoftReference<RecordAnnex> reference = known.get(segment.number());
        RecordAnnex cached = reference == null ? null : reference.get();
        if (cached != null) {
            return cached;
        }
        boolean isLarge = segment.bytes() > READ_WHOLE_BYTES_MAX;
        Optional<RecordAnnex> kept = isLarge ? kept(segment) : Optional.empty();
        RecordAnnex annex = kept.orElseGet(() -> read(segment));
        known.put(segment.number(), new SoftReference<>(annex));
        if (isLarge && kept.isEmpty()) {
            write(segment, annex);
        }
        return annex;
    }

    private Optional<RecordAnnex> kept(SegmentInfo segment) {
        return log.annex(segment.number())
                .flatMap(stored -> folder.openedIfSound(annexName(segment), stored))
                .flatMap(RecordAnnex::decode)
                .filter(annex -> annex.covers(segment.first().number(), segment.last().number()));
    }

    private RecordAnnex read(SegmentInfo segment) {
        long last = segment.last().number();
        AnnexTail pairs = AnnexTail.begin(segment.number(), segment.first().number());
        boolean damaged = false;
        try (LogWalk walk = LogWalk.after(log, new Position(segment.first().number() - 1))) {
            long reached = segment.first().number() - 1;
            while (reached < last && walk.hasNext()) {
                switch (walk.next()) {
                    case LogItem.Entry(Position position, var payload)
                            when position.number() > last ->
                            reached = last;
                    case LogItem.States(long ordinal, long place, var payload) -> {
                        if (States.decode(payload) instanceof States.Records records) {
                            for (StoredRecord record : records.records()) {
                                pairs = pairs.withState(record.id(), place);
                            }
                        }
                    }
                    case LogItem.LostStates _ -> damaged = true;
                    case LogItem.Entry(Position position, var payload) -> {
                        entriesScanned.increment();
                        reached = position.number();
                        LogEntry entry = LogEntry.decode(payload);
                        pairs = pairs.with(reached, entry.id(), BatchCodec.decode(entry.batch()));
                    }
                    case LogItem.Damage(Position first, Position end, String what) -> {
                        damaged = true;
                        reached = end.number();
                    }
                }
            }
        }
        return pairs.upTo(last).sorted(damaged);
    }
}

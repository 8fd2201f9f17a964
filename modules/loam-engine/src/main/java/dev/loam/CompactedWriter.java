package dev.loam;

import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.Position;
import dev.loam.core.RecordId;
import dev.loam.core.RecordState;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.core.VersionVector;
import dev.loam.index.IndexSnapshot;
import dev.loam.index.StoredRecord;
import dev.loam.log.LogItem;
import dev.loam.log.OpLog;
import dev.loam.log.SegmentDraft;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Writes one compacted segment: states of what is let go, then what is kept in packs. */
final class CompactedWriter {
    private static final int STATES_BYTES = 128 << 10;
    private static final int SCAN_RECORDS = 500;

    /** A block is longer than the draft was made for. */
    static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooLong(int bytes) {
            super("a block of " + bytes + " bytes");
        }
    }

    private final OpLog log;
    private final SegmentDraft draft;
    private final int payloadBytesMax;
    private final Excision excision;
    private final List<StoredRecord> records = new ArrayList<>();
    private final Pack pack = new Pack();
    private final Tally kept = new Tally();
    private long recordBytes;
    private final SortedMap<VaultId, Long> keptForOthers = new TreeMap<>();
    private Position asOf = Position.START;
    private long letGo;
    private Position reached = Position.START;

    CompactedWriter(OpLog log, SegmentDraft draft, int payloadBytesMax) {
        this(log, draft, payloadBytesMax, Excision.NONE);
    }

    /**
     * @param excision what is taken out of what is copied
     */
    CompactedWriter(OpLog log, SegmentDraft draft, int payloadBytesMax, Excision excision) {
        this.log = log;
        this.draft = draft;
        this.payloadBytesMax = payloadBytesMax;
        this.excision = excision;
    }

    void vaults(States.Vaults vaults) {
        asOf = vaults.asOf();
        addStates(vaults.encode());
    }

    /**
     * All living records of a vault, and the dead ones that are not settled.
     *
     * @param touched the keys of all records that may be such
     */
    void records(VaultState vault, SortedSet<String> touched, IndexSnapshot snapshot) {
        Optional<String> after = Optional.empty();
        List<StoredRecord> page = snapshot.scan(vault.id(), "", after, SCAN_RECORDS);
        while (!page.isEmpty()) {
            for (StoredRecord record : page) {
                add(settled(record, vault.horizon()));
            }
            after = Optional.of(page.getLast().id().key());
            page = snapshot.scan(vault.id(), "", after, SCAN_RECORDS);
        }
        for (String key : touched) {
            RecordId id = new RecordId(vault.id(), key);
            snapshot.state(id)
                    .map(RecordState::reread)
                    .filter(state -> !state.isAlive())
                    .map(state -> state.settled(vault.horizon()))
                    .filter(state -> !state.equals(RecordState.EMPTY))
                    .ifPresent(state -> add(new StoredRecord(id, state.encode())));
        }
    }

    /** A record that was last written before the horizon rose has more to let go. */
    private static StoredRecord settled(StoredRecord record, VersionVector horizon) {
        return new StoredRecord(
                record.id(), RecordState.reread(record.state()).settled(horizon).encode());
    }

    void add(StoredRecord record) {
        records.add(record);
        recordBytes += record.state().size();
        if (recordBytes >= STATES_BYTES) {
            flushRecords();
        }
    }

    void flushRecords() {
        if (!records.isEmpty()) {
            addStates(new States.Records(records).encode());
            records.clear();
            recordBytes = 0;
        }
    }

    private void addStates(Bytes block) {
        check(block);
        draft.addStates(block);
    }

    /** Copies the batches through the draft's last position, but for those that are let go. */
    void batches(Predicate<BatchId> isLetGo, Progress progress) {
        batches(isLetGo, draft.last(), progress);
        flushPack();
    }

    /** The same through an earlier position, behind which {@link #addBatch} goes on. */
    void batches(Predicate<BatchId> isLetGo, Position through, Progress progress) {
        long total = through.number();
        try (LogWalk walk = LogWalk.after(log, Position.START)) {
            while (walk.hasNext()) {
                if (walk.next() instanceof LogItem.Entry(Position position, Bytes payload)) {
                    if (position.isAfter(through)) {
                        break;
                    }
                    gap(position.number() - 1);
                    BatchId id = LogEntry.decode(payload).id();
                    if (isLetGo.test(id)) {
                        pack.letGo();
                        letGo++;
                    } else {
                        Bytes left = excision.left(position, payload);
                        pack.keep(left);
                        kept.add(position, left);
                        if (!position.isAfter(asOf)) {
                            keptForOthers.merge(id.vault(), 1L, Long::sum);
                        }
                    }
                    reached = position;
                    flushFullPack();
                    progress.at(position.number(), total);
                }
            }
        }
        gap(total);
    }

    /** A batch that this log never had, at the next position. */
    void addBatch(LogEntry entry) {
        Bytes payload = entry.encode();
        pack.keep(payload);
        reached = reached.next();
        kept.add(reached, payload);
        flushFullPack();
    }

    /** To be called behind the last of those. */
    void end() {
        gap(draft.last().number());
        flushPack();
    }

    /** Positions that an earlier compaction let go. */
    private void gap(long last) {
        while (reached.number() < last) {
            pack.letGo();
            reached = reached.next();
            flushFullPack();
        }
    }

    private void flushFullPack() {
        if (pack.isFull()) {
            flushPack();
        }
    }

    private void flushPack() {
        if (pack.count() > 0) {
            int count = pack.count();
            Bytes block = pack.take();
            check(block);
            draft.addPack(count, block);
        }
    }

    private void check(Bytes block) {
        if (block.size() > payloadBytesMax) {
            throw new TooLong(block.size());
        }
    }

    /** What was kept, for comparison with what is read back. */
    Tally kept() {
        return kept;
    }

    long letGo() {
        return letGo;
    }

    /** Batches that were kept although the states are as of a later position. */
    SortedMap<VaultId, Long> keptForOthers() {
        return keptForOthers;
    }

    /** Copies what an earlier compaction wrote of vaults that must not be let go any further. */
    void carry(Set<VaultId> vaults) {
        try (LogWalk walk = LogWalk.after(log, Position.START)) {
            while (walk.hasNext() && walk.next() instanceof LogItem.States states) {
                if (States.decode(states.payload())
                        instanceof States.Records(List<StoredRecord> carried)) {
                    for (StoredRecord record : carried) {
                        RecordId id = record.id();
                        if (vaults.contains(id.vault()) && !excision.takes(id)) {
                            add(record);
                        }
                    }
                }
            }
        }
    }
}

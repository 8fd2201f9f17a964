package dev.loam;

import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.CutForm;
import dev.loam.core.Dot;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Part;
import dev.loam.core.Position;
import dev.loam.core.RecordId;
import dev.loam.core.RecordState;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.index.StoredRecord;
import dev.loam.log.LogItem;
import dev.loam.log.OpLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What purges take out of a log: parts of the batches before them, and records that a compaction
 * put in place of batches. What stands before a purge has not seen it, as the log's order is one of
 * causes; what came after it without having seen it was cut as it came.
 */
final class Excision {
    /** Takes nothing. */
    static final Excision NONE = new Excision(new TreeMap<>(), Position.START);

    /** A purge and where it stands. */
    private record Place(Dot purge, Position position) {}

    private final SortedMap<RecordId, Place> purges;
    private final Position through;
    private final Map<VaultId, VaultState> states = new TreeMap<>();
    private final List<BatchId> rewritten = new ArrayList<>();
    private boolean takesRecords;

    private Excision(SortedMap<RecordId, Place> purges, Position through) {
        this.purges = purges;
        this.through = through;
    }

    /**
     * Of the purges from a position on, all in the log that it is read from.
     *
     * @throws LoamException {@code CORRUPT} if the log is damaged anywhere: what cannot be read can
     *     neither be cut nor let go
     */
    static Excision of(OpLog log, Position from) {
        Position end = log.end();
        SortedMap<RecordId, Place> purges = new TreeMap<>();
        forEach(
                log,
                new Position(from.number() - 1),
                (position, entry) ->
                        Purges.in(BatchCodec.decode(entry.batch()))
                                .forEach(
                                        (key, counter) ->
                                                purges.put(
                                                        new RecordId(entry.id().vault(), key),
                                                        new Place(
                                                                new Dot(
                                                                        entry.id().actor(),
                                                                        counter),
                                                                position))));
        Excision excision = new Excision(purges, end);
        if (!purges.isEmpty()) {
            excision.survey(log);
        }
        return excision;
    }

    private interface Visitor {
        void visit(Position position, LogEntry entry);
    }

    private static void forEach(OpLog log, Position after, Visitor visitor) {
        try (LogWalk walk = LogWalk.after(log, after)) {
            while (walk.hasNext()) {
                switch (walk.next()) {
                    case LogItem.Entry(Position position, Bytes payload) ->
                            visitor.visit(position, LogEntry.decode(payload));
                    case LogItem.States _ -> {}
                    case LogItem.LostStates _, LogItem.Damage _ ->
                            throw new LoamException(
                                    ErrorCode.CORRUPT,
                                    "nothing can be cut out of a damaged log; run `loam verify`");
                }
            }
        }
    }

    /** Finds what is to be taken, and what the states are without it. */
    private void survey(OpLog log) {
        Compaction.presentStates(log).ifPresent(present -> states.putAll(present.state().vaults()));
        try (LogWalk walk = LogWalk.after(log, Position.START)) {
            while (walk.hasNext() && walk.next() instanceof LogItem.States item) {
                if (States.decode(item.payload()) instanceof States.Records records) {
                    records.records().forEach(this::surveyRecord);
                }
            }
        }
        forEach(
                log,
                Position.START,
                (position, entry) -> {
                    if (cut(position, entry).isPresent()) {
                        rewritten.add(entry.id());
                    }
                });
    }

    private void surveyRecord(StoredRecord record) {
        if (!takes(record.id())) {
            return;
        }
        takesRecords = true;
        RecordState state = RecordState.decode(record.state());
        if (state.isAlive()) {
            states.computeIfPresent(
                    record.id().vault(),
                    (id, vault) ->
                            vault.counted(
                                    vault.digest().minus(state.contentHash(record.id())),
                                    vault.records() - 1));
        }
    }

    /** Whether there is any purge. */
    boolean isEmpty() {
        return purges.isEmpty();
    }

    /** Whether anything is left to take. */
    boolean changesLog() {
        return takesRecords || !rewritten.isEmpty();
    }

    /** The last position that was looked at. */
    Position through() {
        return through;
    }

    Set<VaultId> vaults() {
        Set<VaultId> vaults = new TreeSet<>();
        purges.keySet().forEach(record -> vaults.add(record.vault()));
        return vaults;
    }

    /** The batches that it cuts. */
    List<BatchId> rewritten() {
        return List.copyOf(rewritten);
    }

    boolean isPurged(RecordId record) {
        return purges.containsKey(record);
    }

    /** The purges of a vault's records, by key. */
    Map<String, Dot> purgesIn(VaultId vault) {
        Map<String, Dot> byKey = new HashMap<>();
        purges.forEach(
                (record, place) -> {
                    if (record.vault().equals(vault)) {
                        byKey.put(record.key(), place.purge());
                    }
                });
        return byKey;
    }

    /**
     * Whether it takes the state of a record that a compaction wrote: not if that has the purge.
     */
    boolean takes(RecordId record) {
        Place place = purges.get(record);
        VaultState vault = states.get(record.vault());
        return place != null && vault != null && !vault.frontier().covers(place.purge());
    }

    /** The states without what it takes of their records. */
    States.Vaults without(States.Vaults present) {
        SortedMap<VaultId, VaultState> vaults = new TreeMap<>(present.state().vaults());
        vaults.replaceAll(states::getOrDefault);
        return new States.Vaults(
                present.asOf(),
                StoreState.EMPTY.with(vaults, present.state().dimensions()),
                present.adopted(),
                present.settled());
    }

    /** The payload of an entry as it stays. */
    Bytes left(Position position, Bytes payload) {
        return purges.isEmpty()
                ? payload
                : cut(position, LogEntry.decode(payload)).map(LogEntry::encode).orElse(payload);
    }

    /** Empty if nothing is taken of it. */
    private Optional<LogEntry> cut(Position position, LogEntry entry) {
        Batch batch = BatchCodec.decode(entry.batch());
        Map<String, Dot> taken = new HashMap<>();
        for (Part part : batch.parts()) {
            Place place = purges.get(new RecordId(entry.id().vault(), part.key()));
            if (place != null && place.position().isAfter(position)) {
                taken.put(part.key(), place.purge());
            }
        }
        Bytes left = taken.isEmpty() ? entry.batch() : CutForm.cut(entry.batch(), taken);
        return left.equals(entry.batch()) ? Optional.empty() : Optional.of(entry.with(left));
    }
}

package dev.loam.index;

import dev.loam.core.Bytes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** An immutable part of the pending table: records in the order of their ids, each once. */
final class Generation {
    private final PendingRecord[] records;
    private final long sizeBytes;

    private Generation(PendingRecord[] records) {
        this.records = records;
        long sum = 0;
        for (PendingRecord record : records) {
            sum += record.sizeBytes();
        }
        this.sizeBytes = sum;
    }

    /** Of several changes of one record the last stands. */
    static Generation of(List<RecordChange> changes) {
        if (changes.size() == 1) {
            return new Generation(new PendingRecord[] {new PendingRecord(changes.getFirst())});
        }
        TreeMap<Bytes, PendingRecord> sorted = new TreeMap<>();
        for (RecordChange change : changes) {
            PendingRecord record = new PendingRecord(change);
            sorted.merge(record.idBytes(), record, (older, newer) -> newer.over(older));
        }
        return new Generation(sorted.values().toArray(PendingRecord[]::new));
    }

    /** Both in one; where a record is in both, {@code newer} has it. */
    static Generation merge(Generation older, Generation newer) {
        PendingRecord[] merged = new PendingRecord[older.records.length + newer.records.length];
        int count = 0;
        int left = 0;
        int right = 0;
        while (left < older.records.length && right < newer.records.length) {
            int order = older.records[left].idBytes().compareTo(newer.records[right].idBytes());
            if (order < 0) {
                merged[count++] = older.records[left++];
            } else if (order > 0) {
                merged[count++] = newer.records[right++];
            } else {
                merged[count++] = newer.records[right++].over(older.records[left++]);
            }
        }
        while (left < older.records.length) {
            merged[count++] = older.records[left++];
        }
        while (right < newer.records.length) {
            merged[count++] = newer.records[right++];
        }
        return new Generation(Arrays.copyOf(merged, count));
    }

    /** All in one, given newest first. */
    static List<PendingRecord> mergeAll(List<Generation> newestFirst) {
        if (newestFirst.isEmpty()) {
            return List.of();
        }
        Generation merged = newestFirst.getFirst();
        for (Generation older : newestFirst.subList(1, newestFirst.size())) {
            merged = merge(older, merged);
        }
        return merged.records();
    }

    Optional<PendingRecord> find(Bytes id) {
        int index = lowerBound(id);
        return index < records.length && records[index].idBytes().equals(id)
                ? Optional.of(records[index])
                : Optional.empty();
    }

    /** Index of the first record whose id is not before {@code id}. */
    int lowerBound(Bytes id) {
        int low = 0;
        int high = records.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (records[middle].idBytes().compareTo(id) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    List<PendingRecord> records() {
        return List.of(records);
    }

    PendingRecord record(int index) {
        return records[index];
    }

    int size() {
        return records.length;
    }

    long sizeBytes() {
        return sizeBytes;
    }
}

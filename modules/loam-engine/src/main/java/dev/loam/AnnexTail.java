package dev.loam;

import dev.loam.core.Batch;
import dev.loam.core.BatchId;
import dev.loam.core.Dependency;
import dev.loam.core.Part;
import dev.loam.core.RecordId;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * What will be the annex of a segment that still gets entries: its pairs in the order in which they
 * came. Extended by one thread; a tail that a reader holds stays as it is, since what is filled
 * never changes.
 */
final class AnnexTail {
    private static final int ROOM_MIN = 64;

    /** Of no segment. */
    static final AnnexTail NONE = new AnnexTail(0, 1, new long[0], new int[0], 0, 0);

    private final long segment;
    private final long first;
    private final long[] hashes;
    private final int[] offsets;
    private final int count;
    private final long last;

    private AnnexTail(
            long segment, long first, long[] hashes, int[] offsets, int count, long last) {
        this.segment = segment;
        this.first = first;
        this.hashes = hashes;
        this.offsets = offsets;
        this.count = count;
        this.last = last;
    }

    /**
     * @param segment its number
     * @param first its first position
     */
    static AnnexTail begin(long segment, long first) {
        return new AnnexTail(segment, first, new long[ROOM_MIN], new int[ROOM_MIN], 0, first - 1);
    }

    /** The segment's number; 0 if there is none. */
    long segment() {
        return segment;
    }

    /** With the entry at {@code position}, later than all before. */
    AnnexTail with(long position, BatchId id, Batch batch) {
        int more = batch.parts().size() + batch.dependencies().size();
        long[] hashRoom = hashes;
        int[] offsetRoom = offsets;
        if (count + more > hashes.length) {
            int room = Math.max(count + more, 2 * hashes.length);
            hashRoom = Arrays.copyOf(hashes, room);
            offsetRoom = Arrays.copyOf(offsets, room);
        }
        int filled = count;
        int offset = Math.toIntExact(position - first);
        for (Part part : batch.parts()) {
            if (!part.isControl()) {
                hashRoom[filled] = RecordHash.ofRecord(id.vault(), part.key());
                offsetRoom[filled++] = offset;
            }
        }
        for (Dependency named : batch.dependencies()) {
            hashRoom[filled] = RecordHash.ofDependency(id.vault(), id.actor(), named.actor());
            offsetRoom[filled++] = offset;
        }
        return new AnnexTail(segment, first, hashRoom, offsetRoom, filled, position);
    }

    /** With a record of states at {@code place}; before all entries. */
    AnnexTail withState(RecordId record, long place) {
        boolean isFull = count == hashes.length;
        long[] hashRoom = isFull ? Arrays.copyOf(hashes, 2 * count) : hashes;
        int[] offsetRoom = isFull ? Arrays.copyOf(offsets, 2 * count) : offsets;
        hashRoom[count] = RecordHash.ofRecord(record);
        offsetRoom[count] = RecordAnnex.stateOffset(place);
        return new AnnexTail(segment, first, hashRoom, offsetRoom, count + 1, last);
    }

    /** The same, known to lack nothing up to {@code position}. */
    AnnexTail upTo(long position) {
        return new AnnexTail(segment, first, hashes, offsets, count, position);
    }

    /** Calls with the positions of a hash, ascending. Reads all pairs. */
    void forEach(long hash, LongConsumer position) {
        for (int i = 0; i < count; i++) {
            if (hashes[i] == hash) {
                position.accept(first + offsets[i]);
            }
        }
    }

    /**
     * @param damaged whether some entries between the first and the last could not be read
     */
    RecordAnnex sorted(boolean damaged) {
        return RecordAnnex.sorting(
                first, last, damaged, Arrays.copyOf(hashes, count), Arrays.copyOf(offsets, count));
    }
}

package dev.loam;

import dev.loam.core.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Which entries of a segment change a record: sorted pairs of a hash and a position. In a compacted
 * segment also which states hold it: these have the negative of a place, less 1, in steps of 4
 * bytes, where others have an offset. Immutable. The bytes are described in docs/formats/log.md.
 */
final class RecordAnnex {
    private static final short FORM = 1;
    private static final short DAMAGED = 1;
    private static final int FIXED_BYTES = 24;

    /** Documents of a segment begin at multiples of it. */
    private static final int PLACE_STEP = 4;

    private static final int RADIX_BITS = 8;
    private static final int RADIX = 1 << RADIX_BITS;

    private final long first;
    private final long last;
    private final boolean damaged;
    private final long[] hashes;
    private final int[] offsets;

    private RecordAnnex(long first, long last, boolean damaged, long[] hashes, int[] offsets) {
        this.first = first;
        this.last = last;
        this.damaged = damaged;
        this.hashes = hashes;
        this.offsets = offsets;
    }

    /** Takes over the arrays, whose pairs are in the order of their offsets. */
    static RecordAnnex sorting(
            long first, long last, boolean damaged, long[] hashes, int[] offsets) {
        long[] sortedHashes = hashes;
        int[] sortedOffsets = offsets;
        long[] otherHashes = new long[hashes.length];
        int[] otherOffsets = new int[offsets.length];
        // Stable passes from the lowest digit up; the sign is turned so that it sorts as a digit.
        for (int shift = 0; shift < Long.SIZE; shift += RADIX_BITS) {
            int[] ends = new int[RADIX + 1];
            for (long hash : sortedHashes) {
                ends[digit(hash, shift) + 1]++;
            }
            for (int i = 0; i < RADIX; i++) {
                ends[i + 1] += ends[i];
            }
            for (int i = 0; i < sortedHashes.length; i++) {
                int to = ends[digit(sortedHashes[i], shift)]++;
                otherHashes[to] = sortedHashes[i];
                otherOffsets[to] = sortedOffsets[i];
            }
            long[] hashesDone = otherHashes;
            int[] offsetsDone = otherOffsets;
            otherHashes = sortedHashes;
            otherOffsets = sortedOffsets;
            sortedHashes = hashesDone;
            sortedOffsets = offsetsDone;
        }
        return new RecordAnnex(first, last, damaged, sortedHashes, sortedOffsets);
    }

    private static int digit(long hash, int shift) {
        return (int) ((hash ^ Long.MIN_VALUE) >>> shift) & (RADIX - 1);
    }

    /** Whether some entries of the segment could not be read when this was made. */
    boolean damaged() {
        return damaged;
    }

    /** Whether it was made from all entries of a segment that holds these positions. */
    boolean covers(long segmentFirst, long segmentLast) {
        return first == segmentFirst && last >= segmentLast;
    }

    /** What stands in the place of an offset for states at {@code place} in the segment. */
    static int stateOffset(long place) {
        return Math.toIntExact(-place / PLACE_STEP - 1);
    }

    /** Calls with the positions of a hash, ascending. */
    void forEach(long hash, LongConsumer position) {
        for (int at = find(hash); at < hashes.length && hashes[at] == hash; at++) {
            if (offsets[at] >= 0) {
                position.accept(first + offsets[at]);
            }
        }
    }

    /** Calls with the places of the states that may hold a record of this hash. */
    void forEachState(long hash, LongConsumer place) {
        for (int at = find(hash); at < hashes.length && hashes[at] == hash; at++) {
            if (offsets[at] < 0) {
                place.accept((-1L - offsets[at]) * PLACE_STEP);
            }
        }
    }

    /** The first pair of the hash, or behind all. */
    private int find(long hash) {
        int at = Arrays.binarySearch(hashes, hash);
        if (at < 0) {
            return hashes.length;
        }
        while (at > 0 && hashes[at - 1] == hash) {
            at--;
        }
        return at;
    }

    Bytes encode() {
        ByteBuffer buffer =
                ByteBuffer.allocate(FIXED_BYTES + (Long.BYTES + Integer.BYTES) * hashes.length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        buffer.putShort(FORM).putShort(damaged ? DAMAGED : 0).putInt(hashes.length);
        buffer.putLong(first).putLong(last);
        buffer.asLongBuffer().put(hashes);
        buffer.position(FIXED_BYTES + Long.BYTES * hashes.length);
        buffer.asIntBuffer().put(offsets);
        return Bytes.adopt(buffer.array());
    }

    /** Empty if the bytes are of another form than ours: it is then made again. */
    static Optional<RecordAnnex> decode(Bytes content) {
        ByteBuffer buffer = content.asBuffer().order(ByteOrder.LITTLE_ENDIAN);
        if (buffer.remaining() < FIXED_BYTES || buffer.getShort() != FORM) {
            return Optional.empty();
        }
        boolean damaged = (buffer.getShort() & DAMAGED) != 0;
        int count = buffer.getInt();
        long first = buffer.getLong();
        long last = buffer.getLong();
        if (count < 0 || buffer.remaining() != (long) (Long.BYTES + Integer.BYTES) * count) {
            return Optional.empty();
        }
        long[] hashes = new long[count];
        int[] offsets = new int[count];
        buffer.asLongBuffer().get(hashes);
        buffer.position(FIXED_BYTES + Long.BYTES * count);
        buffer.asIntBuffer().get(offsets);
        return Optional.of(new RecordAnnex(first, last, damaged, hashes, offsets));
    }
}

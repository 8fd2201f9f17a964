package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.Invariant;

/**
 * Which segment of all segments of all stores.
 *
 * @param number from 1, never used again in this store; also the directory's name
 * @param id 16 random bytes, part of every checksum: a frame from elsewhere never fits
 */
record SegmentName(long number, Bytes id) {
    static final int ID_BYTES = 16;

    SegmentName {
        Invariant.check(number > 0, "segment number {0}", number);
        Invariant.check(id.size() == ID_BYTES, "segment id has {0} bytes", id.size());
    }
}

package dev.loam.log;

import dev.loam.core.Bytes;

/** A segment as the manifest lists it. */
sealed interface SegmentEntry {
    SegmentName name();

    long first();

    /** Being written, or left so by an owner who died. */
    record Open(SegmentName name, long first) implements SegmentEntry {}

    /**
     * Never written again.
     *
     * @param first position
     * @param last position; at least {@code first}
     * @param frames without the SEAL
     * @param bytes length of the file
     */
    record Sealed(SegmentName name, long first, long last, long frames, long bytes, Bytes chain)
            implements SegmentEntry {}
}

package dev.loam.log;

import dev.loam.core.Bytes;
import java.util.Optional;

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
     * @param chain over the frames of this file
     * @param replacedChain of a compacted segment: the chain at the end of those that it stands for
     */
    record Sealed(
            SegmentName name,
            long first,
            long last,
            long frames,
            long bytes,
            Bytes chain,
            Optional<Bytes> replacedChain)
            implements SegmentEntry {
        /** Of frames as they were appended. */
        Sealed(SegmentName name, long first, long last, long frames, long bytes, Bytes chain) {
            this(name, first, last, frames, bytes, chain, Optional.empty());
        }

        boolean isCompacted() {
            return replacedChain.isPresent();
        }

        /** What the segment behind it was chained to. */
        Bytes chainAfter() {
            return replacedChain.orElse(chain);
        }
    }
}

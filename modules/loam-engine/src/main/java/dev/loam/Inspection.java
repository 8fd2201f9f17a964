package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.DeviceId;
import dev.loam.core.Position;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What {@link Loam#inspect} found.
 *
 * @param segments in the order of their positions
 * @param authors by vault, then actor
 * @param liveBytes an estimate of what of the log is still of use: the keys and present states of
 *     all living memories, encoded as the index keeps them
 * @param deadBytes the rest of the segments' files: values overwritten, memories deleted, frames,
 *     hashes and seals, and zeros ahead of a segment that is being written. No bound on what a
 *     compaction gives back: it compresses what is live, and keeps what other devices may need
 * @param bytesByKind of all files of the store, by what they are for
 */
public record Inspection(
        List<Segment> segments,
        List<Author> authors,
        long liveBytes,
        long deadBytes,
        SortedMap<String, Long> bytesByKind) {
    public Inspection {
        segments = List.copyOf(segments);
        authors = List.copyOf(authors);
        bytesByKind = Collections.unmodifiableSortedMap(new TreeMap<>(bytesByKind));
    }

    /**
     * A segment of the log.
     *
     * @param first position that it holds
     * @param last position that it holds
     * @param sealed whether it gets no more batches
     * @param compacted whether it stands for others that it replaced
     */
    public record Segment(
            long number,
            Position first,
            Position last,
            long frames,
            long bytes,
            boolean sealed,
            boolean compacted) {}

    /**
     * Who writes in a vault.
     *
     * @param batches of this actor that were applied here, also those that a compaction let go
     * @param operations in these
     * @param last time of the last of these by the hybrid clock; the epoch if there is none
     */
    public record Author(
            String vault,
            ActorId actor,
            DeviceId device,
            long batches,
            long operations,
            Instant last) {}
}

package dev.loam.log;

import dev.loam.core.Position;

/**
 * A segment of the log as it was at one moment.
 *
 * @param number by which the segment is known in its store for ever; also names its directory
 * @param first position that it holds
 * @param last position that it holds, at least {@code first}
 * @param frames in it, its HEAD included and its SEAL not
 * @param bytes of its file on the disk, with the zeros ahead of a segment that is being written
 * @param sealed whether it gets no more entries; the last one alone may be unsealed
 * @param compacted whether it stands for others that it replaced; the first one alone may
 */
public record SegmentInfo(
        long number,
        Position first,
        Position last,
        long frames,
        long bytes,
        boolean sealed,
        boolean compacted) {
    static SegmentInfo of(SegmentEntry.Sealed entry) {
        return new SegmentInfo(
                entry.name().number(),
                new Position(entry.first()),
                new Position(entry.last()),
                entry.frames(),
                entry.bytes(),
                true,
                entry.isCompacted());
    }

    static SegmentInfo of(LogView.Active open) {
        return new SegmentInfo(
                open.name().number(),
                new Position(open.first()),
                new Position(open.last()),
                1 + open.last() - open.first() + 1,
                open.fileBytes(),
                false,
                false);
    }
}

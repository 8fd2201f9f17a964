package dev.loam.log;

import dev.loam.core.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What readers may see at one moment. The writer publishes a new one after each group; a reader
 * keeps the one that it began with.
 *
 * @param end last position that was acknowledged
 */
record LogView(long end, List<SegmentEntry.Sealed> sealed, Optional<Active> active) {
    /**
     * The segment being written.
     *
     * @param contentEnd offset behind the frame of {@code last}
     * @param fileBytes of its file, with the zeros ahead
     */
    record Active(
            SegmentName name,
            long first,
            long last,
            long contentEnd,
            long fileBytes,
            PositionOffsets offsets) {}

    LogView {
        sealed = List.copyOf(sealed);
    }

    int segmentCount() {
        return sealed.size() + (active.isPresent() ? 1 : 0);
    }

    long sizeBytes() {
        long sum = active.map(Active::fileBytes).orElse(0L);
        for (SegmentEntry.Sealed entry : sealed) {
            sum += entry.bytes();
        }
        return sum;
    }

    /** The full name of a segment, if there is one of that number. */
    Optional<SegmentName> nameOf(long number) {
        for (SegmentEntry.Sealed entry : segments()) {
            if (entry.name().number() == number) {
                return Optional.of(entry.name());
            }
        }
        return Optional.empty();
    }

    /** The segment that is being written, once it holds something. */
    Optional<SegmentInfo> activeInfo() {
        return active.filter(open -> open.last() >= open.first()).map(SegmentInfo::of);
    }

    List<SegmentInfo> infos() {
        List<SegmentInfo> all = new ArrayList<>(sealed.size() + 1);
        sealed.forEach(entry -> all.add(SegmentInfo.of(entry)));
        activeInfo().ifPresent(all::add);
        return all;
    }

    /** All segments as if finished, in the order of their positions. */
    List<SegmentEntry.Sealed> segments() {
        List<SegmentEntry.Sealed> all = new ArrayList<>(sealed);
        active.filter(open -> open.last() >= open.first())
                .ifPresent(
                        open ->
                                all.add(
                                        new SegmentEntry.Sealed(
                                                open.name(),
                                                open.first(),
                                                open.last(),
                                                0,
                                                open.contentEnd(),
                                                Bytes.EMPTY)));
        return all;
    }
}

package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.Position;
import java.util.List;
import java.util.Optional;

/**
 * The sealed segments as they were at one moment. What a compaction puts in their place meanwhile
 * leaves their files on the disk until this is closed. Any thread, one at a time.
 */
public final class LogPin implements AutoCloseable {
    /**
     * A segment that is never written again.
     *
     * @param chain SHA-256 over all its frames, of which the first names the segment: two of the
     *     same chain hold the same payloads
     */
    public record Segment(SegmentInfo info, Bytes chain) {}

    private final LogDirectory log;
    private final LogKeys keys;
    private final Leases.Lease lease;

    LogPin(LogDirectory log, LogKeys keys, Leases.Lease lease) {
        this.log = log;
        this.keys = keys;
        this.lease = lease;
    }

    /** In the order of their positions; there may be gaps between them where the log is damaged. */
    public List<Segment> segments() {
        return lease.view().sealed().stream()
                .map(entry -> new Segment(SegmentInfo.of(entry), entry.chain()))
                .toList();
    }

    /**
     * All items of one of {@link #segments}. To be closed before this is.
     *
     * @param number of the segment
     */
    public LogReader read(long number) {
        SegmentEntry.Sealed entry =
                lease.view().sealed().stream()
                        .filter(each -> each.name().number() == number)
                        .findFirst()
                        .orElseThrow(
                                () -> new AssertionError("segment " + number + " is not pinned"));
        LogView alone = new LogView(entry.last(), List.of(entry), Optional.empty());
        return new LogReader(
                log, keys, new Leases().take(() -> alone), new Position(entry.first() - 1));
    }

    /** Lets the segments go. Idempotent. */
    @Override
    public void close() {
        lease.close();
    }
}

package dev.loam.log;

import dev.loam.core.ErrorCode;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How a log is opened.
 *
 * @param segmentBytesMax a segment is sealed before a group would make it larger; one group alone
 *     may be
 * @param segmentFramesMax the same in payloads
 * @param forcesGroups whether {@link OpLog#append} returns only when the group is on the disk;
 *     otherwise {@link OpLog#force}, rolling and closing put it there
 * @param openJdkPackages whether the log may open the JDK packages that Chronicle Queue needs by
 *     itself where the JVM's flags do not
 * @param expectedAtLeast a position that is known to have been durable, such as the index's; asked
 *     once, when the store's lock is held. A log that ends before it has lost data and says so
 * @param tail asked for once for each segment that was not closed
 * @param sealing whose keys seal the payloads; empty for a log that is not sealed. Asked once, when
 *     the store's lock is held, and before {@code expectedAtLeast}
 */
public record LogOptions(
        long segmentBytesMax,
        int segmentFramesMax,
        boolean forcesGroups,
        boolean openJdkPackages,
        Supplier<Position> expectedAtLeast,
        Supplier<LogTail> tail,
        Supplier<Optional<LogSealing>> sealing) {
    /** Chronicle's index has room for four times as many. */
    public static final int SEGMENT_FRAMES_MAX = 1_000_000;

    public static final long SEGMENT_BYTES_MAX = 1L << 30;

    private static final long STANDARD_SEGMENT_BYTES = 64L << 20;

    /** The same, not sealed, where every entry is whole. */
    public LogOptions(
            long segmentBytesMax,
            int segmentFramesMax,
            boolean forcesGroups,
            boolean openJdkPackages,
            Supplier<Position> expectedAtLeast) {
        this(
                segmentBytesMax,
                segmentFramesMax,
                forcesGroups,
                openJdkPackages,
                expectedAtLeast,
                () -> LogTail.WHOLE,
                Optional::empty);
    }

    public LogOptions {
        Limits.check("segmentBytesMax", segmentBytesMax, SEGMENT_BYTES_MAX);
        Limits.check("segmentFramesMax", segmentFramesMax, SEGMENT_FRAMES_MAX);
        if (segmentBytesMax < 1 || segmentFramesMax < 1) {
            throw new LoamException(
                    ErrorCode.INVALID_CONFIG,
                    "segmentBytesMax and segmentFramesMax must be 1 or more");
        }
    }

    /**
     * Segments of 64 MiB or 1,000,000 payloads, each group forced, not sealed; JDK packages stay as
     * they are.
     */
    public static LogOptions standard(Supplier<Position> expectedAtLeast) {
        return new LogOptions(
                STANDARD_SEGMENT_BYTES, SEGMENT_FRAMES_MAX, true, false, expectedAtLeast);
    }

    /** The same with or without a force of each group. */
    public LogOptions forcesGroups(boolean each) {
        return new LogOptions(
                segmentBytesMax,
                segmentFramesMax,
                each,
                openJdkPackages,
                expectedAtLeast,
                tail,
                sealing);
    }

    /** The same with the choice of opening JDK packages. */
    public LogOptions openJdkPackages(boolean allowed) {
        return new LogOptions(
                segmentBytesMax,
                segmentFramesMax,
                forcesGroups,
                allowed,
                expectedAtLeast,
                tail,
                sealing);
    }

    /** The same with segments of at most so many bytes. */
    public LogOptions segmentBytesMax(long bytes) {
        return new LogOptions(
                bytes,
                segmentFramesMax,
                forcesGroups,
                openJdkPackages,
                expectedAtLeast,
                tail,
                sealing);
    }

    /** The same with a judge of what an unclosed log ends with. */
    public LogOptions tail(Supplier<LogTail> judge) {
        return new LogOptions(
                segmentBytesMax,
                segmentFramesMax,
                forcesGroups,
                openJdkPackages,
                expectedAtLeast,
                judge,
                sealing);
    }

    /** The same with keys. */
    public LogOptions sealing(Supplier<Optional<LogSealing>> keys) {
        return new LogOptions(
                segmentBytesMax,
                segmentFramesMax,
                forcesGroups,
                openJdkPackages,
                expectedAtLeast,
                tail,
                keys);
    }
}

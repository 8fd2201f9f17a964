package dev.loam.log;

import java.io.IOException;
import java.util.Optional;

/** Makes segments to write to. The writer's thread. */
final class SegmentMaker {
    private final StoreFiles files;
    private final SegmentAppender.Factory appenders;
    private final LogDirectory log;
    private final LogKeys keys;

    SegmentMaker(
            StoreFiles files, SegmentAppender.Factory appenders, LogDirectory log, LogKeys keys) {
        this.files = files;
        this.appenders = appenders;
        this.log = log;
        this.keys = keys;
    }

    /**
     * Makes a segment, after its key: a crash between the two leaves a key that opens nothing, and
     * never a segment that cannot be opened. Nothing but the key is left behind if that fails.
     *
     * @param within the directory of the log, or of a draft
     * @param wanted but for the size of its blocks
     * @param largestPayloadBytes that its blocks must take
     */
    ActiveSegment make(LogDirectory within, SegmentHead wanted, int largestPayloadBytes)
            throws IOException {
        if (keys.areThere()) {
            // A disk that stays full must not collect a key with each attempt.
            files.requireRoom(log.path(), 2L * ActiveSegment.SMALL_BLOCK_BYTES);
        }
        FrameWriter frames = begin(wanted, largestPayloadBytes);
        try {
            return create(within, frames);
        } catch (Throwable failed) {
            frames.close();
            throw failed;
        }
    }

    private FrameWriter begin(SegmentHead wanted, int largestPayloadBytes) {
        Optional<LogSealing.Sealer> sealer = keys.begin(wanted.name());
        int largestFrameBytes =
                Frame.HEADER_BYTES + largestPayloadBytes + FrameWriter.overheadOf(sealer);
        SegmentHead head = wanted.blockBytes(ActiveSegment.blockBytesFor(largestFrameBytes));
        return new FrameWriter(sealer.isPresent() ? head.sealed() : head, sealer);
    }

    /** Chronicle maps the file, and a full disk under a mapping is an error of the JVM. */
    private ActiveSegment create(LogDirectory within, FrameWriter frames) throws IOException {
        try {
            return ActiveSegment.create(
                    files, appenders, within.segment(frames.head().name().number()), frames);
        } catch (RuntimeException | Error failed) {
            if (failed instanceof InternalError || DiskFault.isDiskFull(log.path(), failed)) {
                throw new IOException("no space left for a segment", failed);
            }
            throw failed;
        }
    }
}

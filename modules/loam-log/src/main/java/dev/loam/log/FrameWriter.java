package dev.loam.log;

import dev.loam.core.Bytes;
import java.util.Optional;

/** Makes the frames of the segment that is being written. For one thread at a time. */
final class FrameWriter implements AutoCloseable {
    private final SegmentHead head;
    private final FrameCodec codec;
    private final Optional<LogSealing.Sealer> sealer;

    /**
     * @param sealer closed with this
     */
    FrameWriter(SegmentHead head, Optional<LogSealing.Sealer> sealer) {
        this.head = head;
        this.codec = new FrameCodec(head.name(), sealer);
        this.sealer = sealer;
    }

    SegmentHead head() {
        return head;
    }

    /** By how much a payload is longer in the file. */
    int overheadBytes() {
        return overheadOf(sealer);
    }

    static int overheadOf(Optional<LogSealing.Sealer> sealer) {
        return sealer.map(LogSealing.Sealer::overheadBytes).orElse(0);
    }

    byte[] encode(int kind, long position, int count, int unforced, Bytes payload) {
        return codec.encode(kind, position, count, unforced, payload);
    }

    byte[] encodeHead() {
        return codec.encode(Frame.HEAD, head.firstPosition(), 0, 0, head.encode());
    }

    /** Lets go of the key; no payload can be written any more. Idempotent. */
    @Override
    public void close() {
        sealer.ifPresent(LogSealing.Sealer::close);
    }
}

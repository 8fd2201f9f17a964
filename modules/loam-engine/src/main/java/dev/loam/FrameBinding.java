package dev.loam;

import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.Invariant;

/**
 * What the sealed payloads of one segment are bound to: the frame's header, then the suite, the
 * store and the segment. For one thread at a time.
 */
final class FrameBinding {
    private static final int HEADER_BYTES = 36;

    private final byte[] associated;

    private FrameBinding(Bytes context) {
        this.associated = new byte[HEADER_BYTES + context.size()];
        context.copyTo(associated, HEADER_BYTES);
    }

    static FrameBinding of(StoreKeys keys, Bytes segmentId) {
        return new FrameBinding(
                new ByteWriter()
                        .u8(keys.suite().number())
                        .raw(keys.store().bytes())
                        .raw(segmentId)
                        .toBytes());
    }

    /** With this header; holds until it is asked for the next. */
    byte[] to(Bytes header) {
        Invariant.check(header.size() == HEADER_BYTES, "a header of {0} bytes", header.size());
        header.copyTo(associated, 0);
        return associated;
    }
}

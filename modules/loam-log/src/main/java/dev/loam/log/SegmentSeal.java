package dev.loam.log;

import dev.loam.core.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the last frame of a segment says of those before it.
 *
 * @param frames before this one, the HEAD included
 * @param lastPosition taken
 */
record SegmentSeal(long frames, long lastPosition, Bytes chain) {
    static final int BYTES = 48;

    private static final int CHAIN_AT = 16;

    Bytes encode() {
        byte[] payload = new byte[BYTES];
        ByteBuffer.wrap(payload)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(frames)
                .putLong(lastPosition);
        chain.copyTo(payload, CHAIN_AT);
        return Bytes.adopt(payload);
    }

    static SegmentSeal decode(Bytes payload) {
        ByteBuffer buffer = payload.asBuffer().order(ByteOrder.LITTLE_ENDIAN);
        return new SegmentSeal(buffer.getLong(), buffer.getLong(), payload.slice(CHAIN_AT, BYTES));
    }
}

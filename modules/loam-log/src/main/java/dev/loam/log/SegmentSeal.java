package dev.loam.log;

import dev.loam.core.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What the last frame of a segment says of those before it.
 *
 * @param frames before this one, the HEAD included
 * @param lastPosition taken
 * @param replacedChain of a compacted segment: the chain at the end of those that it stands for
 */
record SegmentSeal(long frames, long lastPosition, Bytes chain, Optional<Bytes> replacedChain) {
    static final int BYTES = 48;

    private static final int CHAIN_AT = 16;

    Bytes encode() {
        int length = BYTES + replacedChain.map(Bytes::size).orElse(0);
        byte[] payload = new byte[length];
        ByteBuffer.wrap(payload)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(frames)
                .putLong(lastPosition);
        chain.copyTo(payload, CHAIN_AT);
        replacedChain.ifPresent(replaced -> replaced.copyTo(payload, BYTES));
        return Bytes.adopt(payload);
    }

    /** Reads a payload of at least {@link #BYTES}. */
    static SegmentSeal decode(Bytes payload) {
        ByteBuffer buffer = payload.asBuffer().order(ByteOrder.LITTLE_ENDIAN);
        int end = BYTES + SegmentChain.BYTES;
        return new SegmentSeal(
                buffer.getLong(),
                buffer.getLong(),
                payload.slice(CHAIN_AT, BYTES),
                payload.size() >= end ? Optional.of(payload.slice(BYTES, end)) : Optional.empty());
    }
}

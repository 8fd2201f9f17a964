package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.LoamException;

/**
 * An authenticated, ordered connection to a paired device that carries whole frames. One thread
 * sends, one receives. A broken link is {@code CONNECTION} from either call.
 */
public interface PeerLink extends AutoCloseable {
    /** The longest frame a link carries, in bytes: the largest batch and room for its envelope. */
    int FRAME_BYTES_MAX = (4 << 20) + (64 << 10);

    /** Whose certificate the link has verified. */
    DeviceId peer();

    /** Blocks until the frame has been handed to the transport. */
    void send(Bytes frame);

    /**
     * Blocks until a frame has come.
     *
     * @throws LoamException {@code LIMIT_EXCEEDED} if a longer one than {@link #FRAME_BYTES_MAX} is
     *     coming; the link is of no use any more
     */
    Bytes receive();

    /** Breaks the link; both other calls end. Idempotent. */
    @Override
    void close();
}

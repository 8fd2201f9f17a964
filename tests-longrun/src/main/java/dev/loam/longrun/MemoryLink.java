package dev.loam.longrun;

import dev.loam.Loam;
import dev.loam.PeerLink;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/** One end of a link within this process: what a session costs without a network. */
record MemoryLink(DeviceId peer, LinkedBlockingQueue<Bytes> in, LinkedBlockingQueue<Bytes> out)
        implements PeerLink {
    private static final Bytes CLOSED = Bytes.EMPTY;

    /** The end that {@code a} holds, then that of {@code b}. */
    static List<MemoryLink> between(Loam a, Loam b) {
        LinkedBlockingQueue<Bytes> there = new LinkedBlockingQueue<>();
        LinkedBlockingQueue<Bytes> back = new LinkedBlockingQueue<>();
        return List.of(
                new MemoryLink(b.identity().id(), back, there),
                new MemoryLink(a.identity().id(), there, back));
    }

    @Override
    public void send(Bytes frame) {
        out.add(frame);
    }

    @Override
    public Bytes receive() {
        try {
            Bytes frame = in.take();
            if (frame.size() == 0) {
                in.add(CLOSED);
                throw broken();
            }
            return frame;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw broken();
        }
    }

    @Override
    public void close() {
        in.add(CLOSED);
        out.add(CLOSED);
    }

    private static LoamException broken() {
        return new LoamException(ErrorCode.CONNECTION, "the link is broken");
    }
}

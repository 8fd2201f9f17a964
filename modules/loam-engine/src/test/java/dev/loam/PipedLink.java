package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Two ends of a link within one process, which can break after a number of frames. */
final class PipedLink implements PeerLink {
    private static final Bytes CLOSED = Bytes.EMPTY;

    private final DeviceId peer;
    private final LinkedBlockingQueue<Bytes> in;
    private final LinkedBlockingQueue<Bytes> out;
    private final AtomicInteger framesLeft;

    private PipedLink(
            DeviceId peer,
            LinkedBlockingQueue<Bytes> in,
            LinkedBlockingQueue<Bytes> out,
            AtomicInteger framesLeft) {
        this.peer = peer;
        this.in = in;
        this.out = out;
        this.framesLeft = framesLeft;
    }

    /**
     * The ends that {@code a} and {@code b} hold; both break when {@code frames} have been sent.
     */
    static PipedLink[] between(Loam a, Loam b, int frames) {
        return between(a.identity().id(), b.identity().id(), frames);
    }

    static PipedLink[] between(DeviceId a, DeviceId b, int frames) {
        LinkedBlockingQueue<Bytes> there = new LinkedBlockingQueue<>();
        LinkedBlockingQueue<Bytes> back = new LinkedBlockingQueue<>();
        AtomicInteger left = new AtomicInteger(frames);
        return new PipedLink[] {
            new PipedLink(b, back, there, left), new PipedLink(a, there, back, left)
        };
    }

    @Override
    public DeviceId peer() {
        return peer;
    }

    @Override
    public void send(Bytes frame) {
        if (framesLeft.getAndDecrement() <= 0) {
            close();
            throw broken();
        }
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

    private static LoamException broken() {
        return new LoamException(ErrorCode.CONNECTION, "the link is broken");
    }

    @Override
    public void close() {
        in.add(CLOSED);
        out.add(CLOSED);
    }
}

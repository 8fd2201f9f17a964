package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.sync.SyncInput;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Drives one sync session over one link: turns what happens into inputs for {@link SyncRun}, and
 * sends what it wants sent. The session itself runs on the calling thread; a thread each receives
 * and sends, so that neither side ever waits for the other to read while it should read itself.
 */
final class SyncDriver {
    /** Frames received and not stepped yet; the peer's credit bounds their bytes. */
    private static final int ARRIVED_MAX = 64;

    private static final long TICK_MILLIS = 1_000;

    private final Store store;
    private final PeerLink link;
    private final Progress progress;
    private final ArrayBlockingQueue<SyncInput> arrived = new ArrayBlockingQueue<>(ARRIVED_MAX);

    /** Bounded by the peer's credit; an empty frame tells the sending thread to end. */
    private final LinkedBlockingQueue<Bytes> outgoing = new LinkedBlockingQueue<>();

    private volatile boolean ended;

    SyncDriver(Store store, PeerLink link, Progress progress) {
        this.store = store;
        this.link = link;
        this.progress = progress;
    }

    SyncReport run() {
        Thread receiving = Thread.ofVirtual().name("loam-sync-receive").start(this::receive);
        Thread sending = Thread.ofVirtual().name("loam-sync-send").start(this::send);
        try {
            return session();
        } finally {
            ended = true;
            outgoing.add(Bytes.EMPTY);
            join(sending);
            link.close();
            arrived.clear();
            join(receiving);
        }
    }

    private SyncReport session() {
        SyncRun session = new SyncRun(store, link.peer(), progress, outgoing::add);
        Optional<SyncReport> report = session.begin();
        while (report.isEmpty()) {
            report = session.take(next());
        }
        return report.get();
    }

    private SyncInput next() {
        try {
            @Nullable SyncInput input = arrived.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
            return input == null ? new SyncInput.Tick() : input;
        } catch (InterruptedException wanted) {
            Thread.currentThread().interrupt();
            throw new LoamException(
                    ErrorCode.CLOSED, "the sync was interrupted; the next one goes on", wanted);
        }
    }

    private void receive() {
        try {
            while (!ended) {
                put(new SyncInput.FrameReceived(link.receive()));
            }
        } catch (LoamException broken) {
            put(new SyncInput.LinkClosed());
        }
    }

    private void put(SyncInput input) {
        try {
            while (!ended && !arrived.offer(input, TICK_MILLIS, TimeUnit.MILLISECONDS)) {
                // Full: the session is busy; what has come waits in the link.
            }
        } catch (InterruptedException nobodyShould) {
            Thread.currentThread().interrupt();
        }
    }

    private void send() {
        try {
            for (Bytes frame = outgoing.take(); frame.size() > 0; frame = outgoing.take()) {
                link.send(frame);
            }
        } catch (LoamException broken) {
            put(new SyncInput.LinkClosed());
        } catch (InterruptedException nobodyShould) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException wanted) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

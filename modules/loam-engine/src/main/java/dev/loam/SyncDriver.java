package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.sync.EndReason;
import dev.loam.sync.SyncInput;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Drives one sync session over one link: turns what happens into inputs, and does what the session
 * asks. The session itself runs on the calling thread; a thread each receives and sends, so that
 * neither side ever waits for the other to read while it should read itself.
 */
final class SyncDriver {
    /** Frames received and not stepped yet; the peer's credit bounds their bytes. */
    private static final int ARRIVED_MAX = 64;

    private static final long TICK_MILLIS = 1_000;

    /** A peer that does not read gets so long to take our END. */
    private static final long FAREWELL_MILLIS = 2_000;

    /** A closed link ends its calls: this only keeps a defect from hiding. */
    private static final long BROKEN_MILLIS = 60_000;

    private final Store store;
    private final PeerLink link;
    private final SyncOptions options;
    private final PeerVisit visit;
    private final SyncRun run;
    private final ArrayBlockingQueue<SyncInput> arrived = new ArrayBlockingQueue<>(ARRIVED_MAX);

    /** Bounded by the peer's credit; an empty frame tells the sending thread to end. */
    private final LinkedBlockingQueue<Bytes> outgoing = new LinkedBlockingQueue<>();

    private final NewsGathering news = new NewsGathering();

    private volatile boolean ended;

    SyncDriver(Store store, PeerLink link, SyncOptions options) {
        this(store, link, options, new PeerVisit(store, link.peer()));
    }

    SyncDriver(Store store, PeerLink link, SyncOptions options, PeerVisit visit) {
        this.store = store;
        this.link = link;
        this.options = options;
        this.visit = visit;
        this.run = new SyncRun(store, link.peer(), options, visit, outgoing::add);
    }

    SyncReport run() {
        Runnable changed = this::changed;
        Runnable wake = this::wake;
        store.onChange(changed);
        options.pause().add(wake);
        store.links().runs(link, wake);
        Thread receiving = Thread.ofVirtual().name("loam-sync-receive").start(this::receive);
        Thread sending = Thread.ofVirtual().name("loam-sync-send").start(this::send);
        try {
            return session();
        } finally {
            options.pause().remove(wake);
            store.noLongerOnChange(changed);
            ended = true;
            outgoing.add(Bytes.EMPTY);
            join(sending, FAREWELL_MILLIS);
            link.close();
            arrived.clear();
            join(sending, BROKEN_MILLIS);
            join(receiving, BROKEN_MILLIS);
        }
    }

    private SyncReport session() {
        Optional<SyncReport> report = run.begin();
        while (report.isEmpty()) {
            report = next();
        }
        return report.get();
    }

    /** Waits for what happens next, and lets it work. */
    private Optional<SyncReport> next() {
        if (options.pause().isGiven()) {
            return run.take(new SyncInput.Stopped(EndReason.PAUSED));
        }
        if (!visit.isAdmitted()) {
            return run.take(new SyncInput.Stopped(EndReason.REVOKED));
        }
        long waitMillis = Math.clamp(run.heldMillis().orElse(TICK_MILLIS), 0, TICK_MILLIS);
        OptionalLong due = news.dueMillis();
        if (run.isLive() && due.isPresent() && arrived.isEmpty()) {
            long now = store.environment().elapsedMillis();
            if (due.getAsLong() <= now) {
                news.telling(now);
                return run.news();
            }
            waitMillis = Math.min(waitMillis, due.getAsLong() - now);
        }
        return run.take(poll(waitMillis));
    }

    private SyncInput poll(long waitMillis) {
        try {
            @Nullable SyncInput input = arrived.poll(waitMillis, TimeUnit.MILLISECONDS);
            return input == null ? new SyncInput.Tick() : input;
        } catch (InterruptedException wanted) {
            Thread.currentThread().interrupt();
            throw new LoamException(
                    ErrorCode.CLOSED, "the sync was interrupted; the next one goes on", wanted);
        }
    }

    /** On the writer thread. */
    private void changed() {
        if (news.changed(store.environment().elapsedMillis())) {
            wake();
        }
    }

    /** Where the queue is full, the session is awake and looks before it waits again. */
    private void wake() {
        boolean _ = arrived.offer(new SyncInput.Tick());
    }

    private void receive() {
        try {
            while (!ended) {
                put(new SyncInput.FrameReceived(link.receive()));
            }
        } catch (LoamException broken) {
            put(
                    broken.code() == ErrorCode.LIMIT_EXCEEDED
                            ? new SyncInput.Stopped(EndReason.LIMIT_EXCEEDED)
                            : new SyncInput.LinkClosed());
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

    private void join(Thread thread, long millis) {
        boolean interrupted = false;
        long deadline = store.environment().elapsedMillis() + millis;
        for (long left = millis; thread.isAlive() && left > 0; ) {
            try {
                thread.join(left);
            } catch (InterruptedException wanted) {
                interrupted = true;
            }
            left = deadline - store.environment().elapsedMillis();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.loam.sync;

import java.time.Duration;
import java.time.Instant;

/**
 * An exchange between two paired stores, after which each has what the other had. Both sides run
 * the same machine. Immutable: a step answers with the next session and with effects; whoever
 * drives it does the I/O.
 *
 * <pre>{@code
 * SyncSession session = SyncSession.create();
 * inputs.add(new Started(summary));                 // a deque; a thread adds FrameReceived, LinkClosed
 * while (!session.hasEnded()) {
 *     SyncInput input = inputs.poll(1, SECONDS);
 *     Step step = session.step(input == null ? new Tick() : input, clock.instant());
 *     session = step.next();
 *     for (SyncEffect effect : step.effects()) {
 *         switch (effect) {
 *             case Send(Bytes frame) -> outbox.add(frame);   // another thread sends: a full link
 *                                                            // must not keep Ticks away
 *             case Measure measure -> inputs.addFirst(store.measure(measure));
 *             case Read read -> inputs.addFirst(store.read(read));
 *             case Apply apply -> inputs.addFirst(store.apply(apply));
 *             case Progressed progressed -> progress.at(progressed);
 *             case Finish finish -> report(finish);
 *             case Survey survey -> inputs.addFirst(store.survey(survey));
 *             case ListRecords list -> inputs.addFirst(store.list(list));
 *             case OfSnapshot snapshot -> inputs.addFirst(store.answer(snapshot));
 *         }
 *     }
 * }
 * outbox.flush();
 * link.close();
 * }</pre>
 *
 * <p>Where both sides want it, the session stays live once both have everything: the driver gives
 * {@link SyncInput.News} when its store has changed, and the session announces and sends what the
 * peer lacks of it. Then it ends only by a {@link SyncInput.Stopped}, or by a failure.
 *
 * <p>What is interrupted needs no clean-up: each side keeps what it applied, and the next session
 * begins from there. A session holds at most two windows of batches, those being applied included,
 * and hands out as much for sending before it must hear of the peer.
 */
public final class SyncSession {
    /** The protocol that this code speaks. */
    public static final int PROTOCOL_VERSION = 1;

    /** The weight that may be on its way, or wait here, before more must be asked for. */
    public static final long WINDOW_BYTES = 4 << 20;

    /** The weight of entries in a frame, unless it is a single one. */
    public static final long FRAME_WEIGHT_MAX = 256 << 10;

    /** The longest frame: the largest batch and room for its envelope. */
    public static final int FRAME_BYTES_MAX = (4 << 20) + (64 << 10);

    /** How long a peer that owes something may be silent. */
    public static final Duration STALLED_AFTER = Duration.ofSeconds(30);

    /** How long a side of a live session is silent at most. */
    public static final Duration PING_EVERY = Duration.ofSeconds(10);

    private static final SyncSession NEW = new SyncSession(Phase.NEW, Ledger.EMPTY, Pace.NONE);

    private final Phase phase;
    private final Ledger ledger;
    private final Pace pace;

    SyncSession(Phase phase, Ledger ledger, Pace pace) {
        this.phase = phase;
        this.ledger = ledger;
        this.pace = pace;
    }

    /** A session that waits for {@link SyncInput.Started}. */
    public static SyncSession create() {
        return NEW;
    }

    /** Whether {@link SyncEffect.Finish} has been given out; then no step has effects any more. */
    public boolean hasEnded() {
        return phase == Phase.ENDED;
    }

    /** Whether both sides want what is written from now on, and the plans have crossed. */
    public boolean isLive() {
        return phase == Phase.MOVING && ledger.terms().isLiveWith(ledger.there());
    }

    /** What came and could not be taken, so far. */
    public Waiting waiting() {
        return ledger.waiting();
    }

    /** Whether nothing is owed either way that was announced. */
    public boolean isCaughtUp() {
        return phase == Phase.MOVING && ledger.sender().isDone() && ledger.receiver().isDone();
    }

    /**
     * What follows from {@code input}. Never throws for anything that a peer does; an answer that
     * was not asked for, or is not of the form asked for, is the driver's bug.
     *
     * @param now never before that of an earlier step
     */
    public Step step(SyncInput input, Instant now) {
        return new Turn(this, now).take(input);
    }

    Phase phase() {
        return phase;
    }

    Ledger ledger() {
        return ledger;
    }

    Pace pace() {
        return pace;
    }
}

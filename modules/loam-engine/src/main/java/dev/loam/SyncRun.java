package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.sync.Amount;
import dev.loam.sync.EndReason;
import dev.loam.sync.Step;
import dev.loam.sync.SyncCounts;
import dev.loam.sync.SyncEffect;
import dev.loam.sync.SyncInput;
import dev.loam.sync.SyncSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One sync session and the store that it works on: takes what happens, does what the session asks
 * of the store, and hands out what is to be sent. Knows no link and waits for nothing but the
 * store; one thread.
 */
final class SyncRun {
    private final Store store;
    private final PeerVisit visit;
    private final DeviceId peer;
    private final SyncOptions options;
    private final Consumer<Bytes> outgoing;
    private final SyncExchange exchange;
    private final Throttle throttle;
    private final long startedMillis;
    private final SnapshotDesk desk;
    private SyncSession session = SyncSession.create();

    /**
     * @param outgoing takes each frame, in order; must not wait for the peer
     */
    SyncRun(
            Store store,
            DeviceId peer,
            SyncOptions options,
            PeerVisit visit,
            Consumer<Bytes> outgoing) {
        this.store = store;
        this.peer = peer;
        SyncOptions allowed = options.within(store.peers().find(peer).flatMap(Peer::vaults));
        this.options = allowed;
        this.visit = visit;
        this.outgoing = outgoing;
        this.exchange = new SyncExchange(store, peer, allowed);
        this.desk = new SnapshotDesk(store, peer);
        this.startedMillis = store.environment().elapsedMillis();
        this.throttle = new Throttle(options.bytesPerSecond(), store.environment());
    }

    /** To be called once, before any {@link #take}; the report if the session ended already. */
    Optional<SyncReport> begin() {
        exchange.letPeerIn();
        visit.begun();
        return take(exchange.started());
    }

    /** Tells the session, which is live, what the store has got since. */
    Optional<SyncReport> news() {
        return take(exchange.news());
    }

    boolean isLive() {
        return session.isLive();
    }

    /** For how long nothing is read, to keep to the bound on what is sent; empty if not at all. */
    Optional<Long> heldMillis() {
        return throttle.isHolding() ? Optional.of(throttle.dueInMillis()) : Optional.empty();
    }

    /** Lets one input work, and all that the store answers to what follows from it. */
    Optional<SyncReport> take(SyncInput input) {
        Deque<SyncInput> inputs = new ArrayDeque<>();
        inputs.add(isToComeHome() ? new SyncInput.Stopped(EndReason.CLOCK_AHEAD) : input);
        while (!inputs.isEmpty()) {
            Step step = session.step(inputs.remove(), sinceStart());
            session = step.next();
            for (SyncEffect effect : step.effects()) {
                switch (effect) {
                    case SyncEffect.Send(Bytes frame) -> outgoing.accept(frame);
                    case SyncEffect.Measure measure -> inputs.add(exchange.measure(measure));
                    case SyncEffect.Read read ->
                            throttle.hold(read)
                                    .ifPresent(time -> inputs.add(new SyncInput.HeldBack(time)));
                    case SyncEffect.Apply apply -> inputs.add(apply(apply));
                    case SyncEffect.OfSnapshot snapshot -> inputs.add(answer(snapshot));
                    case SyncEffect.Progressed progressed -> tell(progressed);
                    case SyncEffect.Survey survey ->
                            inputs.add(new RecordSurvey(store).survey(survey));
                    case SyncEffect.ListRecords list ->
                            inputs.add(new RecordSurvey(store).list(list));
                    case SyncEffect.Finish finish -> {
                        new Homecoming(store, peer, options)
                                .after(finish, desk, exchange.uncheckable());
                        store.forgetting().carryOutIfDue();
                        return Optional.of(report(finish));
                    }
                }
            }
            if (inputs.isEmpty() && heldMillis().filter(due -> due <= 0).isPresent()) {
                inputs.add(throttle.release(exchange::read));
            }
        }
        return Optional.empty();
    }

    /** A live session would keep this store's batches waiting until their time has come. */
    private boolean isToComeHome() {
        return session.isLive()
                && !new PastClock(store, peer).left(session.waiting().aheadThere()).isEmpty();
    }

    /** A session measures silence: the wall clock may be set while it runs. */
    private Instant sinceStart() {
        return Instant.EPOCH.plusMillis(store.environment().elapsedMillis() - startedMillis);
    }

    private SyncInput answer(SyncEffect.OfSnapshot asked) {
        return visit.isAdmitted() ? desk.answer(asked) : new SyncInput.Stopped(EndReason.REVOKED);
    }

    private SyncInput apply(SyncEffect.Apply apply) {
        if (!visit.isAdmitted()) {
            return new SyncInput.ApplyFailed(apply.vault(), EndReason.REVOKED);
        }
        SyncInput applied = exchange.apply(apply);
        if (!(applied instanceof SyncInput.ApplyFailed)) {
            visit.received(apply.vault(), apply.entries());
        }
        return applied;
    }

    private void tell(SyncEffect.Progressed progressed) {
        options.progress()
                .at(
                        progressed.durableBatches(),
                        progressed.movedBytes(),
                        amount(progressed.total()));
    }

    private static SyncAmount amount(Amount amount) {
        return new SyncAmount(amount.batches(), amount.operations(), amount.bytes());
    }

    private SyncReport report(SyncEffect.Finish finish) {
        SyncCounts counts = finish.counts();
        return new SyncReport(
                peer,
                finish.reason().name(),
                counts.vaults(),
                counts.sentBatches(),
                counts.receivedBatches(),
                counts.sentBytes(),
                counts.receivedBytes(),
                amount(counts.toSend()),
                amount(counts.toReceive()),
                finish.diverged(),
                finish.waiting().sentBatches() + finish.waiting().receivedBatches(),
                Duration.ofMillis(finish.waiting().aheadMillis()),
                store.state().digest().toHex());
    }
}

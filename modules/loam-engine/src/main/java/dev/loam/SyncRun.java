package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.sync.EndReason;
import dev.loam.sync.Step;
import dev.loam.sync.SyncCounts;
import dev.loam.sync.SyncEffect;
import dev.loam.sync.SyncInput;
import dev.loam.sync.SyncSession;
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
    private final DeviceId peer;
    private final Progress progress;
    private final Consumer<Bytes> outgoing;
    private final SyncExchange exchange;
    private SyncSession session = SyncSession.create();

    /**
     * @param outgoing takes each frame, in order; must not wait for the peer
     */
    SyncRun(Store store, DeviceId peer, Progress progress, Consumer<Bytes> outgoing) {
        this.store = store;
        this.peer = peer;
        this.progress = progress;
        this.outgoing = outgoing;
        this.exchange = new SyncExchange(store, peer);
    }

    /** To be called once, before any {@link #take}; the report if the session ended already. */
    Optional<SyncReport> begin() {
        exchange.letPeerIn();
        return take(exchange.started());
    }

    /** Lets one input work, and all that the store answers to what follows from it. */
    Optional<SyncReport> take(SyncInput input) {
        Deque<SyncInput> inputs = new ArrayDeque<>();
        inputs.add(input);
        while (!inputs.isEmpty()) {
            Step step = session.step(inputs.remove(), store.environment().now());
            session = step.next();
            for (SyncEffect effect : step.effects()) {
                switch (effect) {
                    case SyncEffect.Send(Bytes frame) -> outgoing.accept(frame);
                    case SyncEffect.Read read -> inputs.add(exchange.read(read));
                    case SyncEffect.Apply apply -> inputs.add(exchange.apply(apply));
                    case SyncEffect.Progressed(long done, long total) -> progress.at(done, total);
                    case SyncEffect.Finish(EndReason reason, SyncCounts counts) -> {
                        return Optional.of(report(reason, counts));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private SyncReport report(EndReason reason, SyncCounts counts) {
        return new SyncReport(
                peer,
                reason.name(),
                counts.vaults(),
                counts.sentBatches(),
                counts.receivedBatches(),
                counts.sentBytes(),
                counts.receivedBytes(),
                store.state().digest().toHex());
    }
}

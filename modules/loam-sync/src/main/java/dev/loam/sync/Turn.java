package dev.loam.sync;

import dev.loam.core.Bytes;
import dev.loam.core.Invariant;
import dev.loam.core.LoamException;
import dev.loam.core.VaultId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One step of a session: takes a session apart, lets one input work on it, and puts the next one
 * together.
 */
final class Turn {
    private static final Optional<EndReason> OUT_OF_TURN = Optional.of(EndReason.PROTOCOL);

    private final Instant now;
    private final List<SyncEffect> effects = new ArrayList<>();

    private Phase phase;
    private LocalSummary local;
    private Sender sender;
    private Receiver receiver;
    private Tally tally;
    private Instant movedAt;

    Turn(SyncSession session, Instant now) {
        this.now = now;
        this.phase = session.phase();
        this.local = session.local();
        this.sender = session.ledger().sender();
        this.receiver = session.ledger().receiver();
        this.tally = session.ledger().tally();
        this.movedAt = session.movedAt();
    }

    Step take(SyncInput input) {
        if (phase != Phase.ENDED) {
            work(input);
            goOn();
        }
        Ledger ledger = new Ledger(sender, receiver, tally);
        return new Step(new SyncSession(phase, local, ledger, movedAt), effects);
    }

    private void work(SyncInput input) {
        switch (input) {
            case SyncInput.Started(var summary) -> start(summary);
            case SyncInput.FrameReceived(var frame) -> receive(frame);
            case SyncInput.BatchesRead answer -> forward(answer);
            case SyncInput.Applied(var vault) -> acknowledge(receiver.answered(vault));
            case SyncInput.ApplyFailed(var vault, var reason) -> fail(vault, reason);
            case SyncInput.Stopped(var reason) -> end(reason);
            case SyncInput.Tick() -> {
                if (hasStalled()) {
                    end(EndReason.STALLED);
                }
            }
            case SyncInput.LinkClosed() ->
                    finish(phase == Phase.CLOSING ? EndReason.DONE : EndReason.CONNECTION);
        }
    }

    private void start(LocalSummary summary) {
        Invariant.check(phase == Phase.NEW, "A session is started once");
        local = summary;
        phase = Phase.GREETING;
        movedAt = now;
        send(Frame.Hello.of(summary));
    }

    private void receive(Bytes bytes) {
        Invariant.check(phase != Phase.NEW, "A frame came before the session was started");
        tally = tally.received(bytes.size());
        if (bytes.size() > SyncSession.FRAME_BYTES_MAX) {
            end(EndReason.LIMIT_EXCEEDED);
            return;
        }
        Optional<Frame> decoded = decode(bytes);
        if (decoded.isEmpty()) {
            end(EndReason.PROTOCOL);
            return;
        }
        Frame frame = decoded.get();
        refusal(frame).ifPresentOrElse(this::end, () -> accept(frame));
    }

    private static Optional<Frame> decode(Bytes bytes) {
        try {
            return Optional.of(FrameCodec.decode(bytes));
        } catch (LoamException malformed) {
            return Optional.empty();
        }
    }

    private Optional<EndReason> refusal(Frame frame) {
        boolean moving = phase == Phase.MOVING || phase == Phase.CLOSING;
        return switch (frame) {
            case Frame.Hello hello ->
                    phase == Phase.GREETING ? Comparison.obstacle(local, hello) : OUT_OF_TURN;
            case Frame.ForeignHello foreign ->
                    phase == Phase.GREETING ? Optional.of(EndReason.VERSION) : OUT_OF_TURN;
            case Frame.Plan plan -> unless(phase == Phase.PLANNING && receiver.accepts(plan));
            case Frame.Batches batches -> moving ? receiver.refusal(batches) : OUT_OF_TURN;
            case Frame.Durable durable -> unless(moving && sender.accepts(durable));
            case Frame.Credit credit -> unless(moving && sender.accepts(credit));
            case Frame.End(var reason) ->
                    unless(reason != EndReason.DONE || phase == Phase.CLOSING);
        };
    }

    private static Optional<EndReason> unless(boolean isInTurn) {
        return isInTurn ? Optional.empty() : OUT_OF_TURN;
    }

    private void accept(Frame frame) {
        movedAt = now;
        switch (frame) {
            case Frame.Hello hello -> plan(hello);
            case Frame.ForeignHello foreign -> end(EndReason.VERSION);
            case Frame.Plan plan -> phase = Phase.MOVING;
            case Frame.Batches batches -> receiver = receiver.arrived(batches);
            case Frame.Durable durable -> {
                sender = sender.acknowledged(durable);
                tellProgress();
            }
            case Frame.Credit credit -> sender = sender.credited(credit);
            case Frame.End(var reason) -> finish(reason);
        }
    }

    private void plan(Frame.Hello theirs) {
        Comparison comparison = Comparison.of(Frame.Hello.of(local), theirs);
        sender = Sender.of(comparison.send());
        receiver = Receiver.of(comparison.receive());
        tally = tally.planned(comparison);
        phase = Phase.PLANNING;
        send(new Frame.Plan(comparison.send().counts()));
        tellProgress();
    }

    private void forward(SyncInput.BatchesRead answer) {
        movedAt = now;
        sender = sender.sent(answer);
        if (answer.entries().isEmpty()) {
            end(EndReason.STORE_FAILED);
        } else {
            send(new Frame.Batches(answer.vault(), answer.entries()));
        }
    }

    private void acknowledge(SyncEffect.Apply apply) {
        movedAt = now;
        receiver = receiver.applied(apply);
        send(new Frame.Durable(apply.vault(), SyncEntry.reached(apply.entries())));
        if (!receiver.expected().isEmpty()) {
            send(new Frame.Credit(SyncEntry.weight(apply.entries())));
        }
        tellProgress();
    }

    /** Asks for what can be done next, and ends once nothing is left. */
    private void goOn() {
        if (phase == Phase.ENDED) {
            return;
        }
        sender.nextRead()
                .ifPresent(
                        read -> {
                            sender = sender.awaiting();
                            effects.add(read);
                        });
        receiver.nextApply()
                .ifPresent(
                        apply -> {
                            receiver = receiver.awaiting(apply);
                            effects.add(apply);
                        });
        if (phase == Phase.MOVING && sender.isDone() && receiver.isDone()) {
            send(new Frame.End(EndReason.DONE));
            phase = Phase.CLOSING;
        }
    }

    /**
     * Where this side has nothing to read or to apply, the session can only go on by something that
     * the peer does: it owes a frame, whatever the phase.
     */
    private boolean hasStalled() {
        return phase != Phase.NEW
                && !sender.reading()
                && receiver.applying().isEmpty()
                && !now.isBefore(movedAt.plus(SyncSession.STALLED_AFTER));
    }

    private void fail(VaultId vault, EndReason reason) {
        receiver.answered(vault);
        end(reason);
    }

    /** Ends from this side. After our END no other can follow, and then all is done anyway. */
    private void end(EndReason reason) {
        if (phase == Phase.CLOSING) {
            finish(EndReason.DONE);
        } else {
            send(new Frame.End(reason));
            finish(reason);
        }
    }

    /** An ended session holds on to nothing that arrived. */
    private void finish(EndReason reason) {
        SyncCounts counts = tally.counts(sender, receiver);
        effects.add(new SyncEffect.Finish(reason, counts));
        sender = Sender.IDLE;
        receiver = Receiver.IDLE;
        phase = Phase.ENDED;
    }

    private void send(Frame frame) {
        Bytes bytes = FrameCodec.encode(frame);
        tally = tally.sent(bytes.size());
        effects.add(new SyncEffect.Send(bytes));
    }

    private void tellProgress() {
        long total = tally.toSend() + tally.toReceive();
        long left = sender.unacknowledged().batches() + receiver.unapplied().batches();
        if (total > 0) {
            effects.add(new SyncEffect.Progressed(total - left, total));
        }
    }
}

package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.Invariant;
import dev.loam.core.VaultId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * One step of a session: takes a session apart, lets one input work on it, and puts the next one
 * together.
 */
final class Turn {
    private final Instant now;
    private final List<SyncEffect> effects = new ArrayList<>();

    private Phase phase;
    private LocalSummary local;
    private Terms terms;
    private There there;
    private Sender sender;
    private Receiver receiver;
    private Snapshots snapshots;
    private Optional<Divergence> divergence;
    private Tally tally;
    private Waiting waiting;
    private Pace pace;

    /** Found in the HELLO, or in the answer of the store, that this turn took in. */
    private SortedSet<VaultId> rebases = new TreeSet<>();

    Turn(SyncSession session, Instant now) {
        this.now = now;
        this.phase = session.phase();
        Ledger ledger = session.ledger();
        this.local = ledger.local();
        this.terms = ledger.terms();
        this.there = ledger.there();
        this.sender = ledger.sender();
        this.receiver = ledger.receiver();
        this.snapshots = ledger.snapshots();
        this.divergence = ledger.divergence();
        this.tally = ledger.tally();
        this.waiting = ledger.waiting();
        this.pace = session.pace();
    }

    Step take(SyncInput input) {
        if (phase != Phase.ENDED) {
            work(input);
            goOn();
        }
        return new Step(new SyncSession(phase, ledger(), pace), effects);
    }

    private Ledger ledger() {
        return new Ledger(
                local, terms, there, sender, receiver, snapshots, divergence, tally, waiting);
    }

    private boolean isLive() {
        return terms.isLiveWith(there);
    }

    private void work(SyncInput input) {
        switch (input) {
            case SyncInput.Started started -> start(started);
            case SyncInput.FrameReceived(var frame) -> receive(frame);
            case SyncInput.News(var summary) -> local = summary;
            case SyncInput.Measured(var amounts) -> announce(amounts);
            case SyncInput.Surveyed(var vault, var sums) -> {
                send(new Frame.Digests(vault, sums));
                search(found -> found.withOurs(sums));
            }
            case SyncInput.RecordsListed(var vault, var records) -> {
                send(new Frame.Records(vault, records));
                search(found -> found.withOurRecords(records));
            }
            case SyncInput.BatchesRead answer -> forward(answer);
            case SyncInput.HeldBack(var time) ->
                    send(new Frame.Pause(Math.clamp(time.toMillis(), 1, Frame.Pause.MILLIS_MAX)));
            case SyncInput.Applied(var vault) -> acknowledge(vault, BatchRanges.NONE, 0);
            case SyncInput.AppliedInPart(var vault, var parked, long aheadMillis) -> {
                waiting = waiting.plusReceived(parked.batches(), aheadMillis);
                acknowledge(vault, parked, aheadMillis);
            }
            case SyncInput.ApplyFailed(var vault, var reason) -> fail(vault, reason);
            case SyncInput.OfSnapshot answer -> follow(snapshots.answered(answer));
            case SyncInput.Stopped(var reason) -> end(reason);
            case SyncInput.Tick() -> tick();
            case SyncInput.LinkClosed() ->
                    finish(phase == Phase.CLOSING ? waiting.outcome() : EndReason.CONNECTION);
        }
    }

    private void start(SyncInput.Started started) {
        Invariant.check(phase == Phase.NEW, "A session is started once");
        local = started.summary();
        terms = started.terms();
        phase = Phase.GREETING;
        pace = Pace.startedAt(now);
        send(Frame.Hello.of(local, terms));
    }

    private void receive(Bytes bytes) {
        Invariant.check(phase != Phase.NEW, "A frame came before the session was started");
        tally = tally.received(bytes.size());
        if (bytes.size() > SyncSession.FRAME_BYTES_MAX) {
            end(EndReason.LIMIT_EXCEEDED);
            return;
        }
        Optional<Frame> decoded = FrameCodec.tryDecode(bytes);
        if (decoded.isPresent() && decoded.get() instanceof Frame.Hello theirs) {
            rebases = Settlement.rebases(Frame.Hello.of(local, terms), theirs);
        }
        new TurnOrder(phase, ledger())
                .refusal(decoded)
                .ifPresentOrElse(this::end, () -> accept(decoded.orElseThrow()));
    }

    private void accept(Frame frame) {
        pace = pace.heard(now);
        switch (frame) {
            case Frame.Hello hello -> compare(hello);
            case Frame.ForeignHello foreign -> end(EndReason.VERSION);
            case Frame.Plan plan -> expect(plan);
            case Frame.Batches batches -> receiver = receiver.arrived(batches);
            case Frame.Durable durable -> {
                sender = sender.acknowledged(durable);
                tellProgress();
            }
            case Frame.Parked parked -> {
                sender = sender.parked(parked);
                waiting = waiting.plusSent(parked, there);
                tellProgress();
            }
            case Frame.Credit credit -> {
                if (sender.accepts(credit)) {
                    sender = sender.credited(credit);
                } else {
                    snapshots = snapshots.credited(credit);
                }
            }
            case Frame.OfSnapshot snapshot -> {
                snapshots = snapshots.accept(snapshot);
                pace = pace.pausedUntil(now);
            }
            case Frame.Ping ping -> {
                return;
            }
            case Frame.Pause(long millis) -> {
                pace = pace.pausedUntil(now.plusMillis(millis));
                return;
            }
            case Frame.Digests(var vault, var sums) -> search(found -> found.withTheirs(sums));
            case Frame.Records(var vault, var records) ->
                    search(found -> found.withTheirRecords(records));
            case Frame.End(var reason) -> finish(reason);
        }
        pace = pace.moved(now);
    }

    private void search(UnaryOperator<Divergence> found) {
        Divergence known = found.apply(divergence.orElseThrow());
        divergence = Optional.of(known);
        pace = pace.moved(now);
        if (known.isFound()) {
            end(EndReason.DIVERGED);
        } else if (known.isToBeListed()) {
            divergence = Optional.of(known.asked());
            effects.add(new SyncEffect.ListRecords(known.vault(), known.suspects()));
        }
    }

    private void compare(Frame.Hello theirs) {
        Optional<VaultId> diverged = Comparison.diverged(local, theirs);
        if (diverged.isPresent()) {
            divergence = diverged.map(Divergence::of);
            phase = Phase.DIVERGING;
            effects.add(new SyncEffect.Survey(diverged.get()));
            return;
        }
        snapshots = Snapshots.between(Frame.Hello.of(local, terms), theirs);
        Comparison comparison = Comparison.of(Frame.Hello.of(local, terms), theirs);
        receiver = Receiver.of(comparison.receive());
        tally = tally.of(comparison.vaults());
        // What a snapshot brings is not counted in batches, so news could not be told from it.
        there = snapshots.isDone() ? There.of(theirs) : There.of(theirs).once();
        phase = Phase.PLANNING;
        VaultRanges missing = comparison.send();
        measure(missing, Comparison.headsBefore(missing, theirs));
        there = there.with(comparison.receive());
    }

    private void expect(Frame.Plan plan) {
        if (phase == Phase.PLANNING) {
            phase = Phase.MOVING;
            receiver = receiver.plannedFirst(plan);
        } else {
            receiver = receiver.plannedNews(plan);
            there = there.with(plan.ranges());
        }
        deferIfTooMuch();
        tellProgress();
    }

    private void measure(VaultRanges ranges, SortedMap<VaultId, SortedMap<ActorId, Bytes>> heads) {
        sender = sender.measuring(ranges);
        if (ranges.isEmpty()) {
            announce(new TreeMap<>());
        } else {
            effects.add(new SyncEffect.Measure(ranges.vaults(), heads));
        }
    }

    private void announce(SortedMap<VaultId, Amount> amounts) {
        VaultRanges ranges =
                sender.measuring()
                        .orElseThrow(() -> new AssertionError("Nothing was to be measured"));
        Frame.Plan plan = Frame.Plan.of(ranges, amounts);
        sender = sender.announced(plan);
        there = there.with(ranges);
        pace = pace.moved(now);
        send(plan);
        deferIfTooMuch();
        tellProgress();
    }

    /** Before the bytes, not after: what is too much is not begun. */
    private void deferIfTooMuch() {
        long bytes = sender.announced().bytes() + receiver.announced().bytes();
        if (bytes > terms.bytesMax() && phase != Phase.ENDED) {
            end(EndReason.DEFERRED);
        }
    }

    private void forward(SyncInput.BatchesRead answer) {
        pace = pace.moved(now);
        sender = sender.sent(answer);
        if (answer.entries().isEmpty()) {
            end(EndReason.STORE_FAILED);
        } else {
            send(new Frame.Batches(answer.vault(), answer.entries()));
        }
    }

    /** Says what is durable, and what is kept waiting, of the batches that were applied. */
    private void acknowledge(VaultId vault, BatchRanges parked, long aheadMillis) {
        SyncEffect.Apply apply = receiver.answered(vault);
        pace = pace.moved(now);
        receiver = receiver.applied(apply);
        SortedMap<ActorId, Long> durable = SyncEntry.reachedWithout(apply.entries(), parked);
        if (!durable.isEmpty()) {
            send(new Frame.Durable(vault, durable));
        }
        if (!parked.isEmpty()) {
            send(new Frame.Parked(vault, parked, aheadMillis));
        }
        if (isLive() || !receiver.expected().isEmpty()) {
            send(new Frame.Credit(SyncEntry.weight(apply.entries())));
        }
        tellProgress();
    }

    /** Asks for what can be done next, and ends once nothing is left. */
    private void goOn() {
        if (phase == Phase.ENDED) {
            return;
        }
        if (phase == Phase.MOVING && isLive() && sender.canAnnounce()) {
            VaultRanges news = there.missing(local).onTopOf(sender.unacknowledged());
            if (!news.isEmpty()) {
                measure(news, new TreeMap<>());
            }
        }
        sender.nextRead()
                .ifPresent(
                        read -> {
                            sender = sender.awaiting();
                            effects.add(read);
                        });
        // What is applied is confirmed, and no confirmation may overtake this side's plan.
        Optional.of(receiver)
                .filter(each -> sender.measuring().isEmpty())
                .flatMap(Receiver::nextApply)
                .ifPresent(
                        apply -> {
                            receiver = receiver.awaiting(apply);
                            effects.add(apply);
                        });
        if (phase == Phase.MOVING) {
            follow(snapshots.goOn(sender));
        }
        if (phase == Phase.MOVING && !isLive() && isDone()) {
            send(new Frame.End(waiting.outcome()));
            phase = Phase.CLOSING;
        }
    }

    private boolean isDone() {
        return sender.isDone() && receiver.isDone() && snapshots.isDone();
    }

    private void follow(Snapshots.Move move) {
        snapshots = move.next();
        if (!move.frames().isEmpty() || !move.effects().isEmpty()) {
            pace = pace.moved(now);
        }
        move.frames().forEach(this::send);
        effects.addAll(move.effects());
    }

    private void tick() {
        Watchdog watchdog = new Watchdog(phase, ledger(), pace);
        if (watchdog.hasStalled(now)) {
            end(EndReason.STALLED);
        } else if (watchdog.isPingDue(now)) {
            send(new Frame.Ping());
        }
    }

    private void fail(VaultId vault, EndReason reason) {
        receiver.answered(vault);
        if (reason == EndReason.REBASE_REQUIRED) {
            rebases.add(vault);
        }
        end(reason);
    }

    /** Ends from this side. After our END no other can follow, and then all is done anyway. */
    private void end(EndReason reason) {
        if (phase == Phase.CLOSING) {
            finish(waiting.outcome());
        } else {
            send(new Frame.End(reason));
            finish(reason);
        }
    }

    /** An ended session holds on to nothing that arrived. */
    private void finish(EndReason reason) {
        SyncCounts counts = tally.counts(sender, receiver, waiting);
        effects.add(
                new SyncEffect.Finish(
                        reason,
                        counts,
                        divergence.map(Divergence::named).orElse(List.of()),
                        waiting,
                        reason == EndReason.REBASE_REQUIRED ? rebases : new TreeSet<>()));
        divergence = Optional.empty();
        sender = Sender.IDLE;
        receiver = Receiver.IDLE;
        snapshots = Snapshots.NONE;
        phase = Phase.ENDED;
    }

    private void send(Frame frame) {
        Bytes bytes = FrameCodec.encode(frame);
        tally = tally.sent(bytes.size());
        pace = pace.sent(now);
        effects.add(new SyncEffect.Send(bytes));
    }

    private void tellProgress() {
        if (phase != Phase.ENDED) {
            ledger().progress().ifPresent(effects::add);
        }
    }
}

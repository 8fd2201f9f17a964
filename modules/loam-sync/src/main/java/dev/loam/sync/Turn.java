package dev.loam.sync;

import dev.loam.core.Bytes;
import dev.loam.core.Invariant;
import dev.loam.core.LoamException;
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
    private static final Optional<EndReason> OUT_OF_TURN = Optional.of(EndReason.PROTOCOL);

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
    private Pace pace;

    /** Found in the HELLO that this turn took in. */
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
        this.pace = session.pace();
    }

    Step take(SyncInput input) {
        if (phase != Phase.ENDED) {
            work(input);
            goOn();
        }
        Ledger ledger =
                new Ledger(local, terms, there, sender, receiver, snapshots, divergence, tally);
        return new Step(new SyncSession(phase, ledger, pace), effects);
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
            case SyncInput.Applied(var vault) -> acknowledge(receiver.answered(vault));
            case SyncInput.ApplyFailed(var vault, var reason) -> fail(vault, reason);
            case SyncInput.OfSnapshot answer -> follow(snapshots.answered(answer));
            case SyncInput.Stopped(var reason) -> end(reason);
            case SyncInput.Tick() -> tick();
            case SyncInput.LinkClosed() ->
                    finish(phase == Phase.CLOSING ? EndReason.DONE : EndReason.CONNECTION);
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
            case Frame.Hello hello -> phase == Phase.GREETING ? obstacle(hello) : OUT_OF_TURN;
            case Frame.ForeignHello foreign ->
                    phase == Phase.GREETING ? Optional.of(EndReason.VERSION) : OUT_OF_TURN;
            case Frame.Plan plan -> unless(isInTurn(plan));
            case Frame.Batches batches -> moving ? receiver.refusal(batches) : OUT_OF_TURN;
            case Frame.Durable durable -> unless(moving && sender.accepts(durable));
            case Frame.Credit credit ->
                    unless(moving && (sender.accepts(credit) || snapshots.accepts(credit)));
            case Frame.OfSnapshot snapshot ->
                    moving ? snapshots.refusal(snapshot, terms.bytesMax()) : OUT_OF_TURN;
            case Frame.Ping ping -> unless(moving && isLive());
            case Frame.Pause pause ->
                    unless(moving && (!receiver.expected().isEmpty() || !snapshots.isDone()));
            case Frame.Digests digests ->
                    unless(
                            isSearching(digests.vault())
                                    && divergence.orElseThrow().theirs().isEmpty());
            case Frame.Records records ->
                    unless(
                            isSearching(records.vault())
                                    && divergence.orElseThrow().theirs().isPresent()
                                    && divergence.orElseThrow().theirRecords().isEmpty());
            case Frame.End(var reason) ->
                    unless(reason != EndReason.DONE || phase == Phase.CLOSING);
        };
    }

    private Optional<EndReason> obstacle(Frame.Hello theirs) {
        rebases = Settlement.rebases(Frame.Hello.of(local, terms), theirs);
        return Comparison.obstacle(local, theirs);
    }

    private boolean isInTurn(Frame.Plan plan) {
        return phase == Phase.PLANNING
                ? receiver.acceptsFirst(plan)
                : phase == Phase.MOVING && isLive() && receiver.acceptsNews(plan);
    }

    private static Optional<EndReason> unless(boolean isInTurn) {
        return isInTurn ? Optional.empty() : OUT_OF_TURN;
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

    private boolean isSearching(VaultId vault) {
        return phase == Phase.DIVERGING
                && divergence.map(found -> found.vault().equals(vault)).orElse(false);
    }

    private void search(UnaryOperator<Divergence> found) {
        Divergence known = found.apply(divergence.orElseThrow());
        divergence = Optional.of(known);
        pace = pace.moved(now);
        boolean isListing = known.asking() || known.ourRecords().isPresent();
        if (known.hasSums() && !isListing) {
            SortedSet<Integer> suspects = known.suspects();
            if (suspects.isEmpty()) {
                end(EndReason.DIVERGED);
                return;
            }
            divergence = Optional.of(known.asked());
            effects.add(new SyncEffect.ListRecords(known.vault(), suspects));
        } else if (known.ourRecords().isPresent() && known.theirRecords().isPresent()) {
            end(EndReason.DIVERGED);
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
        measure(comparison.send());
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

    private void measure(VaultRanges ranges) {
        sender = sender.measuring(ranges);
        if (ranges.isEmpty()) {
            announce(new TreeMap<>());
        } else {
            effects.add(new SyncEffect.Measure(ranges.vaults()));
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

    /** Whether both plans have crossed. */
    private boolean isPlanned() {
        return phase == Phase.MOVING && sender.measuring().isEmpty();
    }

    private boolean isLive() {
        return terms.mode() == Terms.Mode.LIVE && there.mode() == Terms.Mode.LIVE;
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

    private void acknowledge(SyncEffect.Apply apply) {
        pace = pace.moved(now);
        receiver = receiver.applied(apply);
        send(new Frame.Durable(apply.vault(), SyncEntry.reached(apply.entries())));
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
                measure(news);
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
            send(new Frame.End(EndReason.DONE));
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
        if (hasStalled()) {
            end(EndReason.STALLED);
        } else if (isLive() && isPlanned() && pace.isPingDue(now)) {
            send(new Frame.Ping());
        }
    }

    /**
     * Where this side has nothing to read or to apply, the session can only go on by something that
     * the peer does. It owes a frame, unless the session is live and nothing was announced that has
     * not come, or been confirmed: then it owes a sign of life.
     */
    private boolean hasStalled() {
        boolean atWork =
                sender.reading()
                        || sender.measuring().isPresent()
                        || receiver.applying().isPresent()
                        || snapshots.isAtWork()
                        || divergence.map(Divergence::asking).orElse(false);
        if (phase == Phase.NEW || atWork) {
            return false;
        }
        boolean owes = phase != Phase.MOVING || !isLive() || !sender.isDone() || !receiver.isDone();
        return owes ? pace.isOverdue(now) : pace.isSilent(now);
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
        effects.add(
                new SyncEffect.Finish(
                        reason,
                        counts,
                        divergence.map(Divergence::named).orElse(List.of()),
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
        Amount total = sender.announced().plus(receiver.announced());
        if (total.batches() > 0 && phase != Phase.ENDED) {
            effects.add(
                    new SyncEffect.Progressed(
                            sender.durableBatches() + receiver.durableBatches(),
                            sender.handedOverBytes() + receiver.arrivedBytes(),
                            total));
        }
    }
}

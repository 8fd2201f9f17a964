package dev.loam.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Two stores in a session, over links that keep order and nothing else: which frame arrives next,
 * and when a store answers, is drawn. Checks after each step what holds at any time.
 */
final class Encounter {
    static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

    final Side left;
    final Side right;

    Encounter(ModelStore left, ModelStore right) {
        this(left, right, Terms.ONCE);
    }

    Encounter(ModelStore left, ModelStore right, Terms terms) {
        this.left = new Side(left, terms);
        this.right = new Side(right, terms);
        this.left.peer = this.right;
        this.right.peer = this.left;
    }

    /** Starts both sides and lets them go on until both have ended. */
    void run(Random random) {
        start();
        boolean moved;
        do {
            moved = advance(random);
        } while (moved);
        assertThat(left.hasEnded() && right.hasEnded()).as("nobody waits for ever").isTrue();
    }

    void start() {
        left.take(new SyncInput.Started(left.store.summary(), left.terms));
        right.take(new SyncInput.Started(right.store.summary(), right.terms));
    }

    /** One thing happens; false if nothing can. */
    boolean advance(Random random) {
        List<Runnable> possible = new ArrayList<>();
        left.addPossible(possible);
        right.addPossible(possible);
        if (possible.isEmpty()) {
            return false;
        }
        possible.get(random.nextInt(possible.size())).run();
        return true;
    }

    /** What is in flight is lost. */
    void cut() {
        left.inbox.clear();
        right.inbox.clear();
        left.take(new SyncInput.LinkClosed());
        right.take(new SyncInput.LinkClosed());
    }

    static final class Side {
        final ModelStore store;
        final Deque<Bytes> inbox = new ArrayDeque<>();
        final List<Bytes> sent = new ArrayList<>();
        SyncSession session = SyncSession.create();
        Side peer = this;
        Optional<SyncEffect.Finish> finish = Optional.empty();
        private final Terms terms;
        private Optional<SyncEffect.Measure> measure = Optional.empty();
        private Optional<SyncEffect.Read> read = Optional.empty();
        private Optional<SyncEffect.Apply> apply = Optional.empty();
        private Optional<SyncEffect.Progressed> progress = Optional.empty();
        private long inFlight;
        long weightSent;

        Side(ModelStore store, Terms terms) {
            this.store = store;
            this.terms = terms;
        }

        boolean hasEnded() {
            return session.hasEnded();
        }

        Optional<EndReason> reason() {
            return finish.map(SyncEffect.Finish::reason);
        }

        SyncCounts counts() {
            return finish.orElseThrow().counts();
        }

        void take(SyncInput input) {
            take(input, NOON);
        }

        void take(SyncInput input, Instant now) {
            Step step = session.step(input, now);
            assertThat(session.step(input, now).effects())
                    .as("a step leaves the session as it was")
                    .isEqualTo(step.effects());
            session = step.next();
            step.effects().forEach(this::carryOut);
            assertThat(session.ledger().receiver().held())
                    .isLessThanOrEqualTo(2 * SyncSession.WINDOW_BYTES + SyncEntry.ENVELOPE_BYTES);
        }

        private void carryOut(SyncEffect effect) {
            assertThat(finish).as("nothing follows the end").isEmpty();
            switch (effect) {
                case SyncEffect.Send(var frame) -> send(frame);
                case SyncEffect.Measure asked -> {
                    assertThat(measure).isEmpty();
                    measure = Optional.of(asked);
                }
                case SyncEffect.Read asked -> {
                    assertThat(read).isEmpty();
                    read = Optional.of(asked);
                }
                case SyncEffect.Apply asked -> {
                    assertThat(apply).isEmpty();
                    apply = Optional.of(asked);
                }
                case SyncEffect.Progressed progressed -> {
                    progress.ifPresent(
                            before -> {
                                assertThat(progressed.durableBatches())
                                        .isGreaterThanOrEqualTo(before.durableBatches());
                                assertThat(progressed.movedBytes())
                                        .isGreaterThanOrEqualTo(before.movedBytes());
                            });
                    progress = Optional.of(progressed);
                }
                case SyncEffect.Survey unexpected ->
                        throw new AssertionError("model stores do not diverge");
                case SyncEffect.ListRecords unexpected ->
                        throw new AssertionError("model stores do not diverge");
                case SyncEffect.OfSnapshot unexpected ->
                        throw new AssertionError("model stores settle nothing");
                case SyncEffect.Finish end -> {
                    finish = Optional.of(end);
                    if (end.reason() == EndReason.DONE) {
                        progress.ifPresent(Side::checkComplete);
                    }
                }
            }
        }

        private static void checkComplete(SyncEffect.Progressed progress) {
            assertThat(progress.durableBatches()).isEqualTo(progress.total().batches());
            assertThat(progress.movedBytes()).isEqualTo(progress.total().bytes());
        }

        private void send(Bytes frame) {
            assertThat(frame.size()).isLessThanOrEqualTo(SyncSession.FRAME_BYTES_MAX);
            if (FrameCodec.decode(frame) instanceof Frame.Batches batches) {
                long weight = SyncEntry.weight(batches.entries());
                assertThat(frame.size()).isLessThanOrEqualTo((int) weight + 96);
                assertThat(inFlight).as("credit").isLessThan(SyncSession.WINDOW_BYTES);
                assertThat(weight <= SyncSession.FRAME_WEIGHT_MAX || batches.entries().size() == 1)
                        .isTrue();
                inFlight += weight;
                weightSent += weight;
            }
            sent.add(frame);
            peer.inbox.add(frame);
        }

        private void addPossible(List<Runnable> possible) {
            if (!inbox.isEmpty()) {
                possible.add(this::receive);
            }
            measure.ifPresent(asked -> possible.add(() -> answer(asked)));
            read.ifPresent(asked -> possible.add(() -> answer(asked)));
            apply.ifPresent(asked -> possible.add(() -> answer(asked)));
        }

        void receive() {
            Bytes frame = inbox.removeFirst();
            if (FrameCodec.decode(frame) instanceof Frame.Credit credit) {
                inFlight -= credit.weight();
            }
            take(new SyncInput.FrameReceived(frame));
        }

        void answerAll() {
            measure.ifPresent(this::answer);
            read.ifPresent(this::answer);
            apply.ifPresent(this::answer);
        }

        private void answer(SyncEffect.Measure asked) {
            measure = Optional.empty();
            take(store.measure(asked));
        }

        private void answer(SyncEffect.Read asked) {
            read = Optional.empty();
            take(store.of(asked.vault()).read(asked));
        }

        private void answer(SyncEffect.Apply asked) {
            apply = Optional.empty();
            take(store.of(asked.vault()).apply(asked));
        }
    }
}

package dev.loam.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.VaultId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Sessions in which one side lacks what is settled at the other. */
class SnapshotSessionTest {
    private static final VaultId VAULT = ModelStore.vault(0);
    private static final ActorId ANNE = ModelStore.actor(0);
    private static final ActorId BERT = ModelStore.actor(1);
    private static final Bytes HEAD = Bytes.ofUtf8("head");

    /** A side with a driver that holds chunks, and nothing else. */
    private static final class Side {
        final LocalSummary summary;
        final Terms terms;
        final List<Bytes> chunks;
        final TreeMap<Integer, Bytes> kept = new TreeMap<>();
        final Deque<Bytes> inbox = new ArrayDeque<>();
        final List<Frame> sent = new ArrayList<>();
        SyncSession session = SyncSession.create();
        Optional<SyncEffect.Finish> finish = Optional.empty();
        boolean adopted;
        int asked;

        Side(LocalSummary summary, Terms terms, List<Bytes> chunks) {
            this.summary = summary;
            this.terms = terms;
            this.chunks = chunks;
        }

        void take(SyncInput input, Side peer) {
            Step step = session.step(input, Encounter.NOON);
            session = step.next();
            step.effects().forEach(effect -> carryOut(effect, peer));
        }

        private void carryOut(SyncEffect effect, Side peer) {
            switch (effect) {
                case SyncEffect.Send(Bytes frame) -> {
                    sent.add(FrameCodec.decode(frame));
                    peer.inbox.add(frame);
                }
                case SyncEffect.MakeSnapshot(var vault) -> {
                    long bytes = chunks.stream().mapToLong(Bytes::size).sum();
                    take(new SyncInput.SnapshotMade(vault, chunks.size(), bytes, HEAD), peer);
                }
                case SyncEffect.ReadChunk(var vault, int index) -> {
                    asked++;
                    take(new SyncInput.ChunkRead(vault, index, chunks.get(index)), peer);
                }
                case SyncEffect.WeighSnapshot(var vault, int count, var head) -> {
                    assertThat(head).isEqualTo(HEAD);
                    List<Integer> lacking = new ArrayList<>();
                    for (int i = 0; i < count; i++) {
                        if (!kept.containsKey(i)) {
                            lacking.add(i);
                        }
                    }
                    take(new SyncInput.SnapshotWeighed(vault, lacking), peer);
                }
                case SyncEffect.KeepChunk(var vault, int index, Bytes content) -> {
                    kept.put(index, content);
                    take(new SyncInput.ChunkKept(vault, index), peer);
                }
                case SyncEffect.AdoptSnapshot(var vault) -> {
                    adopted = true;
                    take(new SyncInput.SnapshotAdopted(vault), peer);
                }
                case SyncEffect.Finish end -> finish = Optional.of(end);
                case SyncEffect.Progressed _ -> {}
                case SyncEffect.Measure _,
                        SyncEffect.Read _,
                        SyncEffect.Apply _,
                        SyncEffect.Survey _,
                        SyncEffect.ListRecords _ ->
                        throw new AssertionError("no batches go");
            }
        }

        EndReason reason() {
            return finish.orElseThrow().reason();
        }
    }

    private static void run(Side one, Side other) {
        start(one, other);
        while (move(one, other) || move(other, one)) {
            // Until neither has anything more.
        }
    }

    private static void start(Side one, Side other) {
        one.take(new SyncInput.Started(one.summary, one.terms), other);
        other.take(new SyncInput.Started(other.summary, other.terms), one);
    }

    private static boolean move(Side side, Side peer) {
        if (side.inbox.isEmpty()) {
            return false;
        }
        side.take(new SyncInput.FrameReceived(side.inbox.remove()), peer);
        return true;
    }

    private static LocalSummary standing(
            Map<ActorId, Long> heads, ActorId own, HistoryBounds bounds) {
        SortedMap<ActorId, ActorHead> known = new TreeMap<>();
        heads.forEach((actor, at) -> known.put(actor, new ActorHead(at, Scripted.hash(1))));
        return LocalSummary.of(
                List.of(
                        new VaultSummary(
                                VAULT,
                                Optional.empty(),
                                known,
                                new TreeSet<>(List.of(own)),
                                bounds)));
    }

    private static HistoryBounds settled(Map<ActorId, Long> horizon) {
        return new HistoryBounds(
                new TreeMap<>(horizon), new TreeSet<>(), HistoryBounds.Want.MISSING);
    }

    private static Side pruned(List<Bytes> chunks) {
        HistoryBounds bounds = settled(Map.of(ANNE, 5L));
        return new Side(standing(Map.of(ANNE, 9L), ANNE, bounds), Terms.ONCE, chunks);
    }

    private static Side newcomer() {
        return new Side(LocalSummary.NOTHING, Terms.ONCE, List.of());
    }

    private static List<Bytes> chunks(int count) {
        List<Bytes> chunks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            chunks.add(ModelStore.filled(SnapshotSender.CHUNK_BYTES_MAX, i));
        }
        return chunks;
    }

    @Test
    void aNewcomerToAPrunedVaultTakesASnapshotAndNoBatch() {
        Side anne = pruned(chunks(20));
        Side bert = newcomer();

        run(anne, bert);

        assertThat(bert.adopted).isTrue();
        assertThat(List.copyOf(bert.kept.values())).isEqualTo(anne.chunks);
        assertThat(anne.reason()).isEqualTo(EndReason.DONE);
        assertThat(bert.reason()).isEqualTo(EndReason.DONE);
    }

    @Test
    void chunksThatAreHereFromAnEarlierSessionAreNotAskedForAgain() {
        Side anne = pruned(chunks(6));
        Side bert = newcomer();
        bert.kept.put(0, anne.chunks.get(0));
        bert.kept.put(3, anne.chunks.get(3));

        run(anne, bert);

        assertThat(anne.asked).isEqualTo(4);
        assertThat(bert.adopted).isTrue();
    }

    @Test
    void noMoreChunksThanAWindowAreSentBeforeTheyAreKept() {
        Side anne = pruned(chunks(20));
        Side bert = newcomer();
        start(anne, bert);
        move(bert, anne);
        move(anne, bert);
        while (anne.asked == 0) {
            move(bert, anne);
            move(anne, bert);
        }

        while (move(anne, bert)) {
            // Bert reads nothing meanwhile.
        }

        assertThat(anne.asked)
                .isEqualTo((int) (SyncSession.WINDOW_BYTES / SnapshotSender.CHUNK_BYTES_MAX));
    }

    @Test
    void whoHasAllThatIsSettledTakesBatchesEvenOfActorsThatItHasClosed() {
        Frame.Standing here =
                new Frame.Standing(
                        Optional.empty(),
                        new TreeMap<>(),
                        new TreeSet<>(),
                        settled(Map.of(ANNE, 9L)));
        Frame.Hello ours = hello(here);
        Frame.Hello theirs =
                Frame.Hello.of(
                        standing(Map.of(ANNE, 9L, BERT, 1L), BERT, settled(Map.of(ANNE, 5L))));

        Comparison comparison = Comparison.of(ours, theirs);

        assertThat(Settlement.snapshots(ours, theirs)).isEmpty();
        assertThat(comparison.receive().of(VAULT).ranges().keySet()).containsExactly(BERT);
    }

    private static Frame.Hello hello(Frame.Standing standing) {
        return new Frame.Hello(
                Terms.Mode.ONCE, Terms.Scope.ALL, new TreeMap<>(Map.of(VAULT, standing)));
    }

    @Test
    void whoWroteBelowTheHorizonMustRebaseAndBothSidesKnow() {
        Side anne = pruned(chunks(1));
        Side bert =
                new Side(
                        standing(Map.of(ANNE, 4L, BERT, 2L), BERT, HistoryBounds.NONE),
                        Terms.ONCE,
                        List.of());

        run(anne, bert);

        assertThat(anne.reason()).isEqualTo(EndReason.REBASE_REQUIRED);
        assertThat(bert.reason()).isEqualTo(EndReason.REBASE_REQUIRED);
        assertThat(bert.finish.orElseThrow().rebase()).containsExactly(VAULT);
        assertThat(anne.finish.orElseThrow().rebase()).isEmpty();
    }

    @Test
    void whoIsExcludedAndWroteMustRebaseThoughNothingIsSettled() {
        assertThatAnExcludedOneMustRebase(Map.of(ANNE, 9L, BERT, 1L));
    }

    @Test
    void whoWasExcludedBeforeAnythingOfItCameMustRebase() {
        assertThatAnExcludedOneMustRebase(Map.of(ANNE, 9L));
    }

    private static void assertThatAnExcludedOneMustRebase(Map<ActorId, Long> there) {
        HistoryBounds excluding =
                new HistoryBounds(
                        new TreeMap<>(), new TreeSet<>(List.of(BERT)), HistoryBounds.Want.MISSING);
        Side anne = new Side(standing(there, ANNE, excluding), Terms.ONCE, chunks(1));
        Side bert =
                new Side(
                        standing(Map.of(ANNE, 4L, BERT, 2L), BERT, HistoryBounds.NONE),
                        Terms.ONCE,
                        List.of());

        run(anne, bert);

        assertThat(anne.reason()).isEqualTo(EndReason.REBASE_REQUIRED);
        assertThat(bert.finish.orElseThrow().rebase()).containsExactly(VAULT);
    }

    @Test
    void whoWantsASnapshotTakesOneThoughItLacksNothing() {
        Side anne =
                new Side(
                        standing(Map.of(ANNE, 9L), ANNE, HistoryBounds.NONE),
                        Terms.ONCE,
                        chunks(2));
        Side bert =
                new Side(
                        standing(Map.of(), BERT, HistoryBounds.wantingSnapshot()),
                        Terms.ONCE,
                        List.of());

        run(anne, bert);

        assertThat(bert.adopted).isTrue();
        assertThat(anne.reason()).isEqualTo(EndReason.DONE);
    }

    @Test
    void aSnapshotBeyondTheBudgetIsDeferredBeforeItsBytesCome() {
        Side anne = pruned(chunks(2));
        Side bert =
                new Side(
                        LocalSummary.NOTHING,
                        new Terms(Terms.Mode.ONCE, Terms.Scope.ALL, 1_000_000),
                        List.of());

        run(anne, bert);

        assertThat(bert.reason()).isEqualTo(EndReason.DEFERRED);
        assertThat(bert.kept).isEmpty();
    }

    @Test
    void aChunkThatWasNotAskedForEndsTheSession() {
        Side anne = pruned(chunks(3));
        Side bert = newcomer();
        start(anne, bert);
        move(bert, anne);

        Frame.Chunk chunk = new Frame.Chunk(VAULT, 1, Bytes.ofUtf8("x"));
        bert.take(new SyncInput.FrameReceived(FrameCodec.encode(chunk)), anne);

        assertThat(bert.reason()).isEqualTo(EndReason.PROTOCOL);
    }
}

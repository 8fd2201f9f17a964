package dev.loam.sync;

import static dev.loam.sync.Scripted.ANNE;
import static dev.loam.sync.Scripted.BERT;
import static dev.loam.sync.Scripted.VAULT;
import static dev.loam.sync.Scripted.batches;
import static dev.loam.sync.Scripted.heads;
import static dev.loam.sync.Scripted.hello;
import static dev.loam.sync.Scripted.open;
import static dev.loam.sync.Scripted.sealed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each reason for which a session ends, and what comes close to it. */
class EndReasonTest {
    private static final Bytes DIGEST = ModelStore.filled(VaultSummary.DIGEST_BYTES, 1);
    private static final Bytes OTHER_DIGEST = ModelStore.filled(VaultSummary.DIGEST_BYTES, 2);
    private static final Frame.Plan NOTHING_TO_SEND = Frame.Plan.NOTHING;

    @Test
    void doneOnceBothHaveEverythingAndSaidSo() {
        Scripted anne = Scripted.moving(1, 1);
        assertThat(anne.frames()).isEmpty();

        anne.takes(new SyncInput.BatchesRead(VAULT, List.of(sealed(ANNE, 1, 10))));
        anne.hears(durable(ANNE, 1)).hears(batches(sealed(BERT, 1, 10)));
        anne.takes(new SyncInput.Applied(VAULT));

        assertThat(anne.frames()).containsExactly(durable(BERT, 1), new Frame.End(EndReason.DONE));
        assertThat(anne.end()).isEmpty();
        anne.hears(new Frame.End(EndReason.DONE));
        assertThat(anne.end()).contains(EndReason.DONE);
        assertThat(anne.session.hasEnded()).isTrue();
    }

    @Test
    void doneAtOnceWhereNothingIsMissing() {
        Scripted anne = Scripted.started(Scripted.anne(7));

        anne.hears(hello(VAULT, Optional.empty(), heads(ANNE, 7)));
        assertThat(anne.frames()).containsExactly(NOTHING_TO_SEND);
        anne.hears(NOTHING_TO_SEND);
        assertThat(anne.frames()).containsExactly(new Frame.End(EndReason.DONE));
        anne.hears(new Frame.End(EndReason.DONE));

        assertThat(anne.end()).contains(EndReason.DONE);
    }

    @Test
    void doneThoughTheLinkBreaksBeforeThePeerSaysSo() {
        Scripted anne = Scripted.moving(0, 0);

        anne.takes(new SyncInput.LinkClosed());

        assertThat(anne.end()).contains(EndReason.DONE);
    }

    @Test
    void anEndedSessionDoesNothingMore() {
        Scripted anne = Scripted.moving(1, 1).takes(new SyncInput.LinkClosed());

        anne.hears(batches(sealed(BERT, 1, 10)));
        assertThat(anne.effects).isEmpty();
        anne.takes(new SyncInput.Applied(VAULT));
        assertThat(anne.effects).isEmpty();
    }

    @Test
    void divergedWhereTheSameBatchesGaveTwoStates() {
        Scripted anne = meeting(Optional.of(DIGEST), 7, Optional.of(OTHER_DIGEST), 7);
        assertThat(anne.effects).containsExactly(new SyncEffect.Survey(VAULT));
        SortedMap<Integer, RangeSum> ours = new TreeMap<>();
        ours.put(1, new RangeSum(5, 50));
        ours.put(2, new RangeSum(1, 7));
        SortedMap<Integer, RangeSum> theirs = new TreeMap<>(ours);
        theirs.put(2, new RangeSum(1, 8));
        theirs.put(9, new RangeSum(1, 9));
        anne.takes(new SyncInput.Surveyed(VAULT, ours)).hears(new Frame.Digests(VAULT, theirs));
        assertThat(anne.effects)
                .containsExactly(new SyncEffect.ListRecords(VAULT, new TreeSet<>(Set.of(2, 9))));
        SortedMap<String, Long> differently = new TreeMap<>(Map.of("k2", 8L, "k9", 9L));
        anne.takes(new SyncInput.RecordsListed(VAULT, new TreeMap<>(Map.of("k2", 7L))));
        anne.hears(new Frame.Records(VAULT, differently));

        assertThat(anne.end()).contains(EndReason.DIVERGED);
        assertThat(((SyncEffect.Finish) anne.effects.getLast()).diverged())
                .containsExactly("k2", "k9");
        assertThat(anne.frames()).containsExactly(new Frame.End(EndReason.DIVERGED));
        assertThat(meeting(Optional.of(DIGEST), 7, Optional.of(DIGEST), 7).end()).isEmpty();
        assertThat(meeting(Optional.of(DIGEST), 7, Optional.of(OTHER_DIGEST), 6).end()).isEmpty();
        assertThat(meeting(Optional.of(DIGEST), 7, Optional.empty(), 7).end()).isEmpty();
    }

    @Test
    void divergedWithoutANameWhereTheRecordsAreTheSame() {
        Scripted anne = meeting(Optional.of(DIGEST), 7, Optional.of(OTHER_DIGEST), 7);
        anne.takes(new SyncInput.Surveyed(VAULT, new TreeMap<>()));
        anne.hears(new Frame.Digests(VAULT, new TreeMap<>()));

        assertThat(anne.end()).contains(EndReason.DIVERGED);
    }

    @Test
    void protocolWhereRecordsComeThatNobodyLooksFor() {
        Frame.Digests digests = new Frame.Digests(VAULT, new TreeMap<>());
        assertThat(Scripted.moving(0, 1).hears(digests).end()).contains(EndReason.PROTOCOL);
        Scripted anne = meeting(Optional.of(DIGEST), 7, Optional.of(OTHER_DIGEST), 7);
        assertThat(anne.hears(digests).end()).isEmpty();
        assertThat(anne.hears(digests).end()).contains(EndReason.PROTOCOL);
    }

    private static Scripted meeting(
            Optional<Bytes> digest, long sequence, Optional<Bytes> peersDigest, long peers) {
        VaultSummary ours =
                new VaultSummary(VAULT, digest, heads(ANNE, sequence), Scripted.own(ANNE));
        return Scripted.started(ours).hears(hello(VAULT, peersDigest, heads(ANNE, peers)));
    }

    @Test
    void forkWhereThePeerHoldsMoreOfOurselvesThanWeDo() {
        Frame.Hello eight = hello(VAULT, Optional.empty(), heads(ANNE, 8));

        assertThat(Scripted.started(Scripted.anne(7)).hears(eight).end()).contains(EndReason.FORK);
        assertThat(Scripted.started(Scripted.anne(0)).hears(eight).end()).contains(EndReason.FORK);
        assertThat(Scripted.started(Scripted.anne(8)).hears(eight).end()).isEmpty();
        assertThat(Scripted.started(Scripted.anne(9)).hears(eight).end()).isEmpty();
    }

    @Test
    void forkWhereAnActorHasTwoHistories() {
        TreeMap<ActorId, ActorHead> otherHistory =
                new TreeMap<>(Map.of(ANNE, new ActorHead(7, Scripted.hash(9))));

        Scripted anne = Scripted.started(Scripted.anne(7));
        anne.hears(hello(VAULT, Optional.empty(), otherHistory));

        assertThat(anne.frames()).containsExactly(new Frame.End(EndReason.FORK));
        assertThat(anne.end()).contains(EndReason.FORK);
    }

    @Test
    void stalledOnceAPeerThatOwesSomethingIsSilentForThirtySeconds() {
        assertThat(silence(Scripted.started(), 29_999).end()).isEmpty();
        assertThat(silence(Scripted.started(), 30_000).end()).contains(EndReason.STALLED);
        assertThat(silence(Scripted.moving(0, 1), 30_000).end()).contains(EndReason.STALLED);
    }

    @Test
    void stalledWhereThePeerTakesWhatIsSentAndSaysNothing() {
        Scripted anne = Scripted.moving(1, 0);
        anne.takes(new SyncInput.BatchesRead(VAULT, List.of(sealed(ANNE, 1, 10))));

        assertThat(silence(anne, 30_000).end()).contains(EndReason.STALLED);
    }

    @Test
    void neverStalledWhileTheStoreItselfIsAtWork() {
        assertThat(silence(Scripted.moving(1, 0), 90_000).end()).isEmpty();
        Scripted applying = Scripted.moving(0, 2).hears(batches(sealed(BERT, 1, 10)));
        assertThat(silence(applying, 90_000).end()).isEmpty();
    }

    @Test
    void whatAPeerBringsInTimeKeepsTheSessionGoing() {
        Scripted anne = Scripted.moving(0, 2);
        Bytes first = FrameCodec.encode(batches(open(BERT, 1, 10)));
        anne.takes(new SyncInput.FrameReceived(first), Encounter.NOON.plus(Duration.ofSeconds(20)));

        assertThat(silence(anne, 49_999).end()).isEmpty();
        assertThat(silence(anne, 50_000).end()).contains(EndReason.STALLED);
    }

    private static Scripted silence(Scripted session, long millis) {
        return session.takes(new SyncInput.Tick(), Encounter.NOON.plusMillis(millis));
    }

    @Test
    void connectionWhereTheLinkBreaks() {
        Scripted anne = Scripted.moving(1, 1).takes(new SyncInput.LinkClosed());

        assertThat(anne.end()).contains(EndReason.CONNECTION);
        assertThat(anne.frames()).isEmpty();
    }

    @Test
    void storeFailedWhereWhatWasPromisedCannotBeRead() {
        Scripted anne = Scripted.moving(1, 0);

        anne.takes(new SyncInput.BatchesRead(VAULT, List.of()));

        assertThat(anne.frames()).containsExactly(new Frame.End(EndReason.STORE_FAILED));
        assertThat(anne.end()).contains(EndReason.STORE_FAILED);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DONE")
    void theReasonForWhichBatchesAreNotAppliedIsToldToThePeer(EndReason reason) {
        Scripted anne = Scripted.moving(0, 1).hears(batches(sealed(BERT, 1, 10)));

        anne.takes(new SyncInput.ApplyFailed(VAULT, reason));

        assertThat(anne.frames()).containsExactly(new Frame.End(reason));
        assertThat(anne.end()).contains(reason);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DONE")
    void thePeersReasonBecomesOurs(EndReason reason) {
        Scripted anne = Scripted.moving(1, 1).hears(new Frame.End(reason));

        assertThat(anne.end()).contains(reason);
        assertThat(anne.frames()).isEmpty();
    }

    @Test
    void shutdownWhereThisSideStops() {
        Scripted anne = Scripted.moving(1, 1);

        anne.takes(new SyncInput.Stopped(EndReason.SHUTDOWN));

        assertThat(anne.frames()).containsExactly(new Frame.End(EndReason.SHUTDOWN));
        assertThat(anne.end()).contains(EndReason.SHUTDOWN);
    }

    @Test
    void badSealWhereTheLastBatchIsCoveredByNone() {
        Scripted anne = Scripted.moving(0, 2);

        anne.hears(batches(sealed(BERT, 1, 10), open(BERT, 2, 10)));

        assertThat(anne.end()).contains(EndReason.BAD_SEAL);
        assertThat(anne.toApply()).isEmpty();
    }

    @Test
    void versionWhereThePeerSpeaksAnother() {
        Scripted anne = Scripted.started(Scripted.anne(1)).hears(new Frame.ForeignHello(2));

        assertThat(anne.frames()).containsExactly(new Frame.End(EndReason.VERSION));
        assertThat(anne.end()).contains(EndReason.VERSION);
    }

    @Test
    void limitExceededByAFrameThatNoLinkCarries() {
        Bytes longest = Bytes.adopt(new byte[SyncSession.FRAME_BYTES_MAX]);
        Bytes longer = Bytes.adopt(new byte[SyncSession.FRAME_BYTES_MAX + 1]);

        assertThat(Scripted.moving(1, 1).takes(new SyncInput.FrameReceived(longest)).end())
                .contains(EndReason.PROTOCOL);
        assertThat(Scripted.moving(1, 1).takes(new SyncInput.FrameReceived(longer)).end())
                .contains(EndReason.LIMIT_EXCEEDED);
    }

    @Test
    void limitExceededByABatchThatNoStoreMayWrite() {
        SyncEntry largest = sealed(BERT, 1, Limits.CUT_BATCH_BYTES_MAX);
        SyncEntry larger = sealed(BERT, 1, Limits.CUT_BATCH_BYTES_MAX + 1);

        assertThat(Scripted.moving(0, 1).hears(batches(largest)).end()).isEmpty();
        assertThat(Scripted.moving(0, 1).hears(batches(larger)).end())
                .contains(EndReason.LIMIT_EXCEEDED);
    }

    @Test
    void limitExceededByMoreBatchesUnderOneSealThanAStoreWritesAtOnce() {
        int most = Arrivals.WAITING_MAX;
        Scripted patient = Scripted.moving(0, most + 2L);
        for (int number = 1; number <= most; number++) {
            patient.hears(batches(open(BERT, number, 0)));
        }
        assertThat(patient.end()).isEmpty();

        assertThat(patient.hears(batches(open(BERT, most + 1L, 0))).end())
                .contains(EndReason.LIMIT_EXCEEDED);
    }

    @Test
    void limitExceededByAFrameOfSeveralBatchesThatWeighsTooMuch() {
        int half = (int) SyncSession.FRAME_WEIGHT_MAX / 2 - SyncEntry.ENVELOPE_BYTES;

        assertThat(
                        Scripted.moving(0, 2)
                                .hears(batches(open(BERT, 1, half), sealed(BERT, 2, half)))
                                .end())
                .isEmpty();
        assertThat(
                        Scripted.moving(0, 2)
                                .hears(batches(open(BERT, 1, half), sealed(BERT, 2, half + 1)))
                                .end())
                .contains(EndReason.LIMIT_EXCEEDED);
    }

    @Test
    void protocolWhereAFrameComesOutOfTurn() {
        Frame.Hello hello = hello(VAULT, Optional.empty(), heads(BERT, 1));
        Frame.Batches batches = batches(sealed(BERT, 1, 10));

        assertThat(Scripted.started().hears(NOTHING_TO_SEND).end()).contains(EndReason.PROTOCOL);
        assertThat(Scripted.started().hears(batches).end()).contains(EndReason.PROTOCOL);
        assertThat(Scripted.started().hears(hello).hears(hello).end()).contains(EndReason.PROTOCOL);
        assertThat(Scripted.started().hears(hello).hears(batches).end())
                .contains(EndReason.PROTOCOL);
        assertThat(Scripted.started().hears(hello).hears(new Frame.ForeignHello(2)).end())
                .contains(EndReason.PROTOCOL);
        assertThat(Scripted.moving(0, 1).hears(new Frame.End(EndReason.DONE)).end())
                .contains(EndReason.PROTOCOL);
    }

    @Test
    void protocolWhereAPeerDoesNotSendWhatItHas() {
        Frame.Hello hello = hello(VAULT, Optional.empty(), heads(BERT, 3));

        assertThat(Scripted.started().hears(hello).hears(NOTHING_TO_SEND).end())
                .contains(EndReason.PROTOCOL);
        assertThat(Scripted.started().hears(hello).hears(Scripted.plan(BERT, 0, 2)).end())
                .contains(EndReason.PROTOCOL);
    }

    @Test
    void protocolWhereBatchesComeThatAreNotTheNextOnes() {
        assertThat(Scripted.moving(0, 3).hears(batches(sealed(BERT, 2, 10))).end())
                .as("a gap")
                .contains(EndReason.PROTOCOL);
        assertThat(Scripted.moving(0, 1).hears(batches(open(BERT, 1, 1), sealed(BERT, 2, 1))).end())
                .as("more than was promised")
                .contains(EndReason.PROTOCOL);
        assertThat(Scripted.moving(0, 1).hears(batches(sealed(ANNE, 1, 10))).end())
                .as("another actor")
                .contains(EndReason.PROTOCOL);
        Frame.Batches elsewhere =
                new Frame.Batches(ModelStore.vault(1), List.of(sealed(BERT, 1, 10)));
        assertThat(Scripted.moving(0, 1).hears(elsewhere).end())
                .as("another vault")
                .contains(EndReason.PROTOCOL);
        Frame.Batches first = batches(sealed(BERT, 1, 10));
        assertThat(Scripted.moving(0, 3).hears(first).hears(first).end())
                .as("once more")
                .contains(EndReason.PROTOCOL);
    }

    @Test
    void protocolWhereThePeerConfirmsWhatItWasNotSent() {
        assertThat(Scripted.moving(2, 0).hears(durable(ANNE, 1)).end())
                .contains(EndReason.PROTOCOL);
        assertThat(Scripted.moving(2, 0).hears(durable(BERT, 1)).end())
                .contains(EndReason.PROTOCOL);
        assertThat(Scripted.moving(2, 0).hears(new Frame.Credit(1)).end())
                .contains(EndReason.PROTOCOL);
        Scripted anne = Scripted.moving(2, 0);
        anne.takes(new SyncInput.BatchesRead(VAULT, List.of(sealed(ANNE, 1, 10))));
        anne.hears(durable(ANNE, 1));
        assertThat(anne.end()).isEmpty();
        assertThat(anne.hears(durable(ANNE, 1)).end()).contains(EndReason.PROTOCOL);
    }

    @Test
    void anAnswerThatNobodyAskedForIsABug() {
        Scripted anne = Scripted.moving(2, 0);

        assertThatThrownBy(() -> anne.takes(new SyncInput.Applied(VAULT)))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(
                        () ->
                                anne.takes(
                                        new SyncInput.BatchesRead(
                                                VAULT, List.of(sealed(ANNE, 2, 10)))))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> new SyncInput.Stopped(EndReason.DONE))
                .isInstanceOf(AssertionError.class);
    }

    private static Frame.Durable durable(ActorId actor, long sequence) {
        return new Frame.Durable(VAULT, new TreeMap<>(Map.of(actor, sequence)));
    }
}

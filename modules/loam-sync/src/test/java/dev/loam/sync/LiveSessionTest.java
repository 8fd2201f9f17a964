package dev.loam.sync;

import static dev.loam.sync.Scripted.ANNE;
import static dev.loam.sync.Scripted.BERT;
import static dev.loam.sync.Scripted.VAULT;
import static dev.loam.sync.Scripted.batches;
import static dev.loam.sync.Scripted.heads;
import static dev.loam.sync.Scripted.plan;
import static dev.loam.sync.Scripted.sealed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.VaultId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Sessions on terms: live, of some vaults, within a budget. */
class LiveSessionTest {
    private static final Terms LIVE = new Terms(Terms.Mode.LIVE, Terms.Scope.ALL, Long.MAX_VALUE);

    private static Frame.Hello bert(Terms terms, long sequence) {
        return Frame.Hello.of(
                LocalSummary.of(
                        List.of(
                                new VaultSummary(
                                        VAULT,
                                        Optional.empty(),
                                        heads(BERT, sequence),
                                        new TreeSet<>()))),
                terms);
    }

    private static Scripted started(Terms terms, long annes) {
        return new Scripted()
                .takes(
                        new SyncInput.Started(
                                LocalSummary.of(List.of(Scripted.anne(annes))), terms));
    }

    private static Scripted live() {
        return started(LIVE, 0).hears(bert(LIVE, 0)).hears(Frame.Plan.NOTHING);
    }

    private static SyncInput.News news(long annes) {
        return new SyncInput.News(LocalSummary.of(List.of(Scripted.anne(annes))));
    }

    private static Instant after(long millis) {
        return Encounter.NOON.plusMillis(millis);
    }

    @Test
    void staysOnlyWhereBothSidesWantThat() {
        assertThat(live().session.isLive()).isTrue();
        assertThat(live().frames()).isEmpty();
        Scripted alone = started(LIVE, 0).hears(bert(Terms.ONCE, 0)).hears(Frame.Plan.NOTHING);
        assertThat(alone.session.isLive()).isFalse();
        assertThat(alone.frames()).containsExactly(new Frame.End(EndReason.DONE));
    }

    @Test
    void newsIsAnnouncedAndSentAndNotSentBack() {
        Scripted anne = live().takes(news(2));
        assertThat(anne.frames()).containsExactly(plan(VAULT, ANNE, new SequenceRange(0, 2), 200));
        assertThat(anne.asksToRead()).isTrue();
        anne.takes(new SyncInput.BatchesRead(VAULT, List.of(sealed(ANNE, 1, 5))));
        assertThat(anne.takes(news(3)).frames()).as("not before all is sent").isEmpty();
        anne.takes(new SyncInput.BatchesRead(VAULT, List.of(sealed(ANNE, 2, 5))));
        assertThat(anne.frames()).contains(plan(VAULT, ANNE, new SequenceRange(2, 3), 100));

        Scripted echo = live().hears(plan(BERT, 0, 1)).hears(batches(sealed(BERT, 1, 5)));
        echo.takes(new SyncInput.Applied(VAULT));
        VaultSummary both =
                new VaultSummary(VAULT, Optional.empty(), heads(BERT, 1), new TreeSet<>());
        echo.takes(new SyncInput.News(LocalSummary.of(List.of(both))));
        assertThat(echo.frames()).isEmpty();
    }

    @Test
    void creditComesBackForEveryBatchOfALiveSession() {
        Scripted anne = live().hears(plan(BERT, 0, 1)).hears(batches(sealed(BERT, 1, 5)));

        anne.takes(new SyncInput.Applied(VAULT));

        assertThat(anne.frames()).contains(new Frame.Credit(5 + SyncEntry.ENVELOPE_BYTES));
        assertThat(anne.session.isCaughtUp()).isTrue();
    }

    @Test
    void newsThatDoesNotGoOnWhereTheLastEndedIsRefused() {
        assertThat(live().hears(plan(BERT, 0, 1)).hears(plan(BERT, 1, 2)).end())
                .as("before the first has come")
                .contains(EndReason.PROTOCOL);
        Scripted gap = live().hears(plan(BERT, 0, 1)).hears(batches(sealed(BERT, 1, 5)));
        assertThat(gap.hears(plan(BERT, 2, 3)).end()).contains(EndReason.PROTOCOL);
        assertThat(live().hears(Frame.Plan.NOTHING).end()).contains(EndReason.PROTOCOL);
        assertThat(Scripted.moving(1, 1).hears(plan(BERT, 1, 2)).end())
                .as("not live")
                .contains(EndReason.PROTOCOL);
    }

    @Test
    void moreBytesThanAnnouncedAreRefused() {
        SequenceRange two = new SequenceRange(0, 2);
        Scripted anne = live().hears(plan(VAULT, BERT, two, 9));

        assertThat(anne.hears(batches(sealed(BERT, 1, 5))).end()).isEmpty();
        assertThat(anne.hears(batches(sealed(BERT, 2, 5))).end()).contains(EndReason.PROTOCOL);
    }

    @Test
    void aPeerThatOwesNothingIsPingedAndMustSayThatItIsThere() {
        Scripted anne = live();
        assertThat(anne.takes(new SyncInput.Tick(), after(9_999)).frames()).isEmpty();
        assertThat(anne.takes(new SyncInput.Tick(), after(10_000)).frames())
                .containsExactly(new Frame.Ping());
        anne.takes(new SyncInput.FrameReceived(FrameCodec.encode(new Frame.Ping())), after(20_000));
        assertThat(anne.takes(new SyncInput.Tick(), after(49_999)).end()).isEmpty();
        assertThat(anne.takes(new SyncInput.Tick(), after(50_000)).end())
                .contains(EndReason.STALLED);
    }

    @Test
    void aPeerThatOwesSomethingIsNotHelpedBySayingThatItIsThere() {
        Scripted anne = live().hears(plan(BERT, 0, 1));
        anne.takes(new SyncInput.FrameReceived(FrameCodec.encode(new Frame.Ping())), after(29_999));

        assertThat(anne.takes(new SyncInput.Tick(), after(30_000)).end())
                .contains(EndReason.STALLED);
    }

    @Test
    void whatIsOwedIsDueFromWhenItWasAnnounced() {
        Scripted anne = live();
        anne.takes(new SyncInput.FrameReceived(FrameCodec.encode(new Frame.Ping())), after(29_000));
        anne.takes(news(1), after(50_000));
        anne.takes(new SyncInput.BatchesRead(VAULT, List.of(sealed(ANNE, 1, 5))), after(50_000));

        assertThat(anne.takes(new SyncInput.Tick(), after(79_999)).end()).isEmpty();
        assertThat(anne.takes(new SyncInput.Tick(), after(80_000)).end())
                .contains(EndReason.STALLED);
    }

    @Test
    void aPeerThatHoldsItsOwnBatchesBackSaysForHowLong() {
        Scripted slow = Scripted.moving(1, 0).takes(new SyncInput.HeldBack(Duration.ofMinutes(1)));
        assertThat(slow.frames()).containsExactly(new Frame.Pause(60_000));

        Scripted anne = Scripted.moving(0, 1).hears(new Frame.Pause(60_000));
        assertThat(anne.takes(new SyncInput.Tick(), after(89_999)).end()).isEmpty();
        assertThat(anne.takes(new SyncInput.Tick(), after(90_000)).end())
                .contains(EndReason.STALLED);
        assertThat(Scripted.moving(1, 0).hears(new Frame.Pause(1)).end())
                .as("owes nothing")
                .contains(EndReason.PROTOCOL);
    }

    @Test
    void whatIsMoreThanTheBudgetIsDeferredBeforeAnythingMoves() {
        Terms budget = new Terms(Terms.Mode.ONCE, Terms.Scope.ALL, 300);
        SequenceRange one = new SequenceRange(0, 1);
        Scripted within = started(budget, 1).hears(bert(Terms.ONCE, 1));
        assertThat(within.hears(plan(VAULT, BERT, one, 200)).end()).isEmpty();

        Scripted beyond = started(budget, 1).hears(bert(Terms.ONCE, 1));
        assertThat(beyond.hears(plan(VAULT, BERT, one, 201)).end()).contains(EndReason.DEFERRED);
        assertThat(started(budget, 4).hears(bert(Terms.ONCE, 0)).frames())
                .contains(new Frame.End(EndReason.DEFERRED))
                .noneMatch(Frame.Batches.class::isInstance);
    }

    @Test
    void onlyListedVaultsAreExchangedWithWhoWantsNoOthers() {
        Terms listed = new Terms(Terms.Mode.ONCE, Terms.Scope.LISTED, Long.MAX_VALUE);
        VaultId other = ModelStore.vault(1);
        Frame.Hello elsewhere = Scripted.hello(other, Optional.empty(), heads(BERT, 3));
        Scripted anne = started(listed, 1).hears(elsewhere).hears(Frame.Plan.NOTHING);
        assertThat(anne.end()).isEmpty();

        Frame.Hello wantsOnlyOther =
                new Frame.Hello(
                        Terms.Mode.ONCE,
                        Terms.Scope.LISTED,
                        new TreeMap<>(Map.of(other, Frame.Standing.EMPTY)));
        assertThat(started(Terms.ONCE, 1).hears(wantsOnlyOther).frames())
                .containsExactly(Frame.Plan.NOTHING);
    }

    @Property(tries = 60)
    void whatIsWrittenWhileASessionIsLiveReachesTheOtherSide(@ForAll long seed) {
        Random random = new Random(seed);
        ModelStore anne = new ModelStore(0);
        ModelStore bert = new ModelStore(1);
        Encounter encounter = new Encounter(anne, bert, LIVE);
        encounter.start();
        for (int i = 0; i < 40; i++) {
            ModelStore writer = random.nextBoolean() ? anne : bert;
            writer.of(ModelStore.vault(random.nextInt(2))).write(random.nextInt(200));
            for (Encounter.Side side : List.of(encounter.left, encounter.right)) {
                if (side.session.isLive()) {
                    side.take(new SyncInput.News(side.store.summary()));
                }
            }
            for (int steps = random.nextInt(30); steps > 0; steps--) {
                encounter.advance(random);
            }
        }
        boolean moved = true;
        while (moved) {
            for (Encounter.Side side : List.of(encounter.left, encounter.right)) {
                side.take(new SyncInput.News(side.store.summary()));
            }
            moved = encounter.advance(random);
        }

        assertThat(encounter.left.session.isCaughtUp()).isTrue();
        assertThat(encounter.right.session.isCaughtUp()).isTrue();
        assertThat(anne.heads()).isEqualTo(bert.heads());
    }
}

package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final ChainHistory NOTHING_KNOWN = (actor, sequence) -> Optional.empty();
    private static final FieldName TITLE = new FieldName("title");

    private final List<Replica> members = Replica.members(2);
    private final Replica a = members.get(0);
    private final Replica b = members.get(1);

    private static Verdict judge(Replica at, BatchId id, Batch batch) {
        return judge(at, id, batch, NOTHING_KNOWN, Replica.WALL_MILLIS);
    }

    private static Verdict judge(
            Replica at, BatchId id, Batch batch, ChainHistory history, long wallMillis) {
        return Gate.judge(at.vault(), id, batch, BatchCodec.encode(batch), history, wallMillis);
    }

    private static BatchId next(Replica author) {
        return new BatchId(
                Device.VAULT,
                author.actor(),
                author.vault().frontier().get(author.actor()).sequence() + 1);
    }

    private static Part title(Dot... overwritten) {
        return new Part(
                "k",
                List.of(
                        new Operation.Set(
                                TITLE,
                                new Value.Text("t"),
                                List.of(overwritten),
                                Lifetime.CURRENT)));
    }

    private static Batch withDependencies(Batch batch, Dependency... dependencies) {
        return new Batch(
                batch.stamp(),
                batch.firstCounter(),
                List.of(dependencies),
                batch.parts(),
                batch.form());
    }

    private static void assertRefused(Verdict verdict, Verdict.RefuseReason reason) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Refuse.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    @Test
    void theNextBatchAppliesWithTheHashOfItsChain() {
        Batch batch = a.draft(title());
        ChainHash before = a.known().hash();

        assertThat(judge(a, next(a), batch))
                .isEqualTo(
                        new Verdict.Apply(Chain.next(next(a), before, BatchCodec.encode(batch))));
    }

    @Test
    void whatHasBeenAppliedIsADuplicate() {
        SealedBatch old = a.write(title());

        assertThat(judge(a, old.id(), old.batch())).isEqualTo(new Verdict.Duplicate());
    }

    @Test
    void aBatchBeyondTheNextOneWaitsForTheGap() {
        a.write(title());

        assertThat(judge(b, next(a), a.draft(title())))
                .isEqualTo(new Verdict.Park(Verdict.ParkReason.GAP));
    }

    @Test
    void aBatchWaitsForWhatItsAuthorHadApplied() {
        a.write(title());
        b.syncFrom(a);
        Replica stale = Replica.reader();
        stale.receive(a.log().getFirst());

        assertThat(judge(stale, next(b), b.draft(title())))
                .isEqualTo(new Verdict.Park(Verdict.ParkReason.DEPS));
    }

    @Test
    void aStrangerIsRefused() {
        Replica stranger = new Replica(Device.number(9));

        assertRefused(
                judge(a, next(stranger), stranger.draft(title())),
                Verdict.RefuseReason.NOT_ENROLLED);
    }

    @Test
    void anActorWhoseEnrolmentIsStillToComeWaitsForIt() {
        Device late = Device.number(5);
        Replica newcomer = new Replica(late);
        newcomer.receive(a.log().getFirst());
        newcomer.receive(a.write("", late.enrol()));
        SealedBatch first = newcomer.write(title());

        assertThat(b.receive(first)).isEqualTo(new Verdict.Park(Verdict.ParkReason.DEPS));
        b.syncFrom(a);
        assertThat(b.bytes()).isEqualTo(newcomer.bytes());
    }

    @Test
    void aDependencyOnAnotherHashIsAFork() {
        Batch batch = b.draft(title());
        Dependency named = batch.dependencies().getFirst();
        Batch forked =
                withDependencies(
                        batch,
                        new Dependency(
                                named.actor(), named.tip(), Bytes.fromHex("0000000000000000")));

        assertRefused(judge(b, next(b), forked), Verdict.RefuseReason.FORK);
    }

    @Test
    void aDependencyOnAnotherCounterIsAFork() {
        Batch batch = b.draft(title());
        Dependency named = batch.dependencies().getFirst();
        Tip longer = new Tip(named.tip().sequence(), named.tip().counter() + 1);
        Batch forked =
                withDependencies(batch, new Dependency(named.actor(), longer, named.hashPrefix()));

        assertRefused(judge(b, next(b), forked), Verdict.RefuseReason.FORK);
    }

    @Test
    void aDependencyOlderThanTheTipIsComparedWithWhatHistoryKnows() {
        Batch batch = b.draft(title());
        Dependency named = batch.dependencies().getFirst();
        a.write(title());
        b.syncFrom(a);
        ChainHistory same = (actor, sequence) -> Optional.of(named.hashPrefix());
        ChainHistory other = (actor, sequence) -> Optional.of(Bytes.fromHex("0000000000000000"));

        assertThat(judge(b, next(b), batch, NOTHING_KNOWN, Replica.WALL_MILLIS))
                .isInstanceOf(Verdict.Apply.class);
        assertThat(judge(b, next(b), batch, same, Replica.WALL_MILLIS))
                .isInstanceOf(Verdict.Apply.class);
        assertRefused(
                judge(b, next(b), batch, other, Replica.WALL_MILLIS), Verdict.RefuseReason.FORK);
        assertRefused(
                judge(b, next(b), batch, otherCounter(named), Replica.WALL_MILLIS),
                Verdict.RefuseReason.FORK);
    }

    private static ChainHistory otherCounter(Dependency named) {
        return new ChainHistory() {
            @Override
            public Optional<Bytes> prefix(ActorId actor, long sequence) {
                return Optional.of(named.hashPrefix());
            }

            @Override
            public OptionalLong counter(ActorId actor, long sequence) {
                return OptionalLong.of(named.tip().counter() + 1);
            }
        };
    }

    @Test
    void aDependencyOnItsOwnAuthorIsRefused() {
        SealedBatch before = a.write(title());
        Tip tip = before.batch().tip(before.id().sequence());
        Batch batch =
                withDependencies(
                        a.draft(title()),
                        new Dependency(a.actor(), tip, Bytes.fromHex("0000000000000000")));

        assertRefused(judge(a, next(a), batch), Verdict.RefuseReason.PROTOCOL);
    }

    @Test
    void countersWithAGapAreRefused() {
        Batch batch = a.draft(title());
        Batch skipping =
                new Batch(
                        batch.stamp(),
                        batch.firstCounter() + 1,
                        batch.dependencies(),
                        batch.parts(),
                        batch.form());

        assertRefused(judge(a, next(a), skipping), Verdict.RefuseReason.PROTOCOL);
    }

    @Test
    void aStampThatDoesNotRiseIsRefused() {
        Batch batch = a.draft(title());
        Stamp last = a.known().stamp();
        Batch standing =
                new Batch(
                        last,
                        batch.firstCounter(),
                        batch.dependencies(),
                        batch.parts(),
                        batch.form());

        assertRefused(judge(a, next(a), standing), Verdict.RefuseReason.PROTOCOL);
    }

    @Test
    void aStampWaitsUntilTheWallIsWithinFiveMinutesOfIt() {
        Batch batch = a.clock(10_000_000).draft(title());
        long wallMillis = 10_000_000 - Gate.CLOCK_AHEAD_MILLIS_MAX;

        assertThat(judge(a, next(a), batch, NOTHING_KNOWN, wallMillis))
                .isInstanceOf(Verdict.Apply.class);
        assertThat(judge(a, next(a), batch, NOTHING_KNOWN, wallMillis - 1))
                .isEqualTo(new Verdict.Park(Verdict.ParkReason.CLOCK));
    }

    @Test
    void aStampFollowsWhatHasBeenAppliedUnlessThatIsFurtherAheadThanClocksMayDiffer() {
        b.clock(10_000_000).write(title());
        a.syncFrom(b);
        Stamp ofB = b.known().stamp();
        long wallMillis = 10_000_000 - Gate.CLOCK_AHEAD_MILLIS_MAX;

        assertThat(a.vault().nextStamp(a.actor(), wallMillis)).isEqualTo(ofB.next(0));
        assertThat(a.vault().nextStamp(a.actor(), wallMillis - 1))
                .isEqualTo(Stamp.ofMillis(wallMillis - 1));
        assertThat(a.vault().nextStamp(a.actor(), 10_000_001))
                .isEqualTo(Stamp.ofMillis(10_000_001));
    }

    @Test
    void aStampIsAfterItsAuthorsLastOneAndWhatThatMayHaveSeenWhateverTheClockSays() {
        a.clock(10_000_000).write(title());
        Stamp last = a.known().stamp();
        assertThat(a.vault().nextStamp(a.actor(), 0)).isEqualTo(last.next(0));

        b.clock(10_000_000 + Gate.CLOCK_AHEAD_MILLIS_MAX).write(title());
        a.syncFrom(b);
        assertThat(a.vault().nextStamp(a.actor(), 0)).isEqualTo(b.known().stamp().next(0));

        b.clock(10_000_001 + Gate.CLOCK_AHEAD_MILLIS_MAX).write(title());
        a.syncFrom(b);
        assertThat(a.vault().nextStamp(a.actor(), 0)).isEqualTo(last.next(0));
    }

    @Test
    void overwritingWhatTheAuthorNeverSawIsRefused() {
        b.write(title());
        a.syncFrom(b);
        Dot ofB = a.record("k").dots(TITLE).getFirst();

        assertThat(judge(a, next(a), a.draft(title(ofB)))).isInstanceOf(Verdict.Apply.class);
        Batch blind = withDependencies(a.draft(title(ofB)));
        assertRefused(judge(a, next(a), blind), Verdict.RefuseReason.PROTOCOL);
    }

    @Test
    void anOperationOverwritesEarlierOnesOfItsAuthorAndNotItself() {
        long counter = a.draft(title()).firstCounter();
        Dot earlier = new Dot(a.actor(), counter - 1);
        Dot itself = new Dot(a.actor(), counter);

        assertThat(judge(a, next(a), a.draft(title(earlier)))).isInstanceOf(Verdict.Apply.class);
        assertRefused(judge(a, next(a), a.draft(title(itself))), Verdict.RefuseReason.PROTOCOL);
    }

    @Test
    void aVaultIsFoundedOnceAndByItsFirstOperation() {
        Device founder = Device.number(0);
        Replica empty = new Replica(founder);
        Part rightly = new Part("", List.of(founder.found()));
        Part late = new Part("", List.of(Device.number(1).enrol(), founder.found()));
        Part twice = new Part("", List.of(founder.found(), founder.found()));

        assertThat(judge(empty, next(empty), empty.draft(rightly)))
                .isInstanceOf(Verdict.Apply.class);
        assertRefused(
                judge(empty, next(empty), empty.draft(late)), Verdict.RefuseReason.NOT_ENROLLED);
        assertRefused(judge(empty, next(empty), empty.draft(twice)), Verdict.RefuseReason.PROTOCOL);
        assertRefused(judge(a, next(a), a.draft(rightly)), Verdict.RefuseReason.PROTOCOL);
    }

    @Test
    void nobodyFoundsAVaultUnderAnothersKey() {
        Replica impostor = new Replica(Device.number(1));
        Part foundation = new Part("", List.of(Device.number(0).found()));

        assertRefused(
                judge(impostor, next(impostor), impostor.draft(foundation)),
                Verdict.RefuseReason.NOT_ENROLLED);
    }
}

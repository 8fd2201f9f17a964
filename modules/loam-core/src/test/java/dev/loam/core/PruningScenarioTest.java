package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What other stores got wrong when they forgot what they no longer needed. */
class PruningScenarioTest {
    private static final FieldName TITLE = new FieldName("title");

    private final List<Replica> members = Replica.members(3);
    private final Replica a = members.get(0);
    private final Replica b = members.get(1);
    private final Replica c = members.get(2);

    private static void exchange(Replica... replicas) {
        for (int round = 0; round < 2; round++) {
            for (Replica to : replicas) {
                for (Replica from : replicas) {
                    to.syncFrom(from);
                }
            }
        }
        for (Replica replica : replicas) {
            assertThat(replica.bytes()).isEqualTo(replicas[0].bytes());
        }
    }

    /** All acknowledge what all have; then the first cuts and all apply it. */
    private static void settle(Replica... replicas) {
        exchange(replicas);
        List.of(replicas).forEach(Replica::ack);
        exchange(replicas);
        StateDigest before = replicas[0].vault().digest();
        replicas[0].cut();
        exchange(replicas);
        assertThat(replicas[0].vault().digest()).isEqualTo(before);
    }

    @Test
    void scenario08AQuietActorStaysInTheVectorsUntilItIsClosedAndSettled() {
        c.put("k", "title", "of the quiet one");
        exchange(a, b, c);
        a.put("l", "title", "l");
        exchange(a, b);
        a.ack();
        b.ack();
        exchange(a, b);

        assertThat(a.vault().holdsBack(a.actor()))
                .singleElement()
                .satisfies(
                        held -> {
                            assertThat(held.actor()).isEqualTo(c.actor());
                            assertThat(held.reason()).isEqualTo(HeldBack.Reason.NOT_ACKNOWLEDGED);
                            assertThat(held.batches()).isPositive();
                        });
        assertThat(a.vault().cut(a.actor()))
                .hasValueSatisfying(
                        cut -> assertThat(c.vault().frontier().covers(cut.horizon())).isTrue());
        assertThat(a.vault().frontier().tips()).containsKey(c.actor());

        a.suspend(c);
        assertThat(a.vault().canPruneActor(c.actor())).isFalse();
        settle(a, b);
        assertThat(a.vault().canPruneActor(c.actor())).isTrue();
        assertThat(a.vault().frontier().tips()).doesNotContainKey(c.actor());
        assertThat(a.text("k", "title")).isEqualTo("of the quiet one");
    }

    /** The second is of before its author heard anything of the other. */
    @Test
    void twoCutsThatWereMadeApartAreBothTaken() {
        List<Replica> two = Replica.members(2);
        two.get(1).ack();
        two.get(1).cut();
        two.get(0).cut();
        exchange(two.get(0), two.get(1));
        assertThat(two.get(0).parked()).isEmpty();
    }

    @Test
    void scenario12ADeletedRecordStaysDeletedWhenADeviceReturnsFromFarAway() {
        a.put("k", "title", "t");
        exchange(a, b, c);
        c.set("k", "title", "meanwhile");
        a.delete("k");
        exchange(a, b);
        a.suspend(c);
        settle(a, b);
        assertThat(a.record("k")).isEqualTo(RecordState.EMPTY);

        a.syncFrom(c);
        assertThat(a.record("k").isAlive()).isFalse();
        c.syncFrom(a);
        assertThat(c.receive(a.put("l", "title", "l")))
                .isInstanceOfSatisfying(
                        Verdict.Refuse.class,
                        refused ->
                                assertThat(refused.reason())
                                        .isEqualTo(Verdict.RefuseReason.REBASE));
    }

    @Test
    void scenario13ADeleteBesideAnUpdateLeavesTheRecordWholeOrAbsentAfterACut() {
        FieldName n = new FieldName("n");
        a.put("k", "title", "t");
        a.increment("k", "n", 3);
        a.append("k", "n", "e");
        settle(a, b, c);
        a.delete("k");
        b.tag("k", "red");
        settle(a, b, c);

        assertThat(c.text("k", "title")).isEqualTo("t");
        assertThat(c.record("k").counters()).containsEntry(n, 3L);
        assertThat(c.record("k").logs().get(n)).hasSize(1);
        assertThat(c.record("k").elements(FieldName.TAGS)).hasSize(1);

        c.delete("k");
        settle(a, b, c);
        assertThat(a.record("k")).isEqualTo(RecordState.EMPTY);
        assertThat(a.vault().records()).isZero();
    }

    @Test
    void scenario14NoVectorNamesRetiredDevicesAndNothingReappears() {
        c.put("k", "title", "t");
        c.write("", new Operation.Retire());
        exchange(a, b, c);
        settle(a, b);

        assertThat(a.vault().canPruneActor(c.actor())).isTrue();
        a.vault()
                .actors()
                .values()
                .forEach(
                        state -> {
                            assertThat(state.context().tips()).doesNotContainKey(c.actor());
                            assertThat(state.enrolled().tips()).doesNotContainKey(c.actor());
                        });
        SealedBatch next = a.set("k", "title", "u");
        exchange(a, b);
        assertThat(next.batch().dependencies())
                .extracting(Dependency::actor)
                .doesNotContain(c.actor());
        assertThat(a.record("k").siblings(TITLE)).containsExactly(new Value.Text("u"));
        assertThat(a.receive(c.log().getLast())).isEqualTo(new Verdict.Duplicate());
    }

    @Test
    void scenario18ACutAheadOfWhatItsAuthorHadWaitsAndNothingVanishes() {
        a.put("k", "title", "t");
        exchange(a, b, c);
        b.tag("k", "red");
        exchange(a, b, c);
        a.ack();
        b.ack();
        c.ack();
        a.syncFrom(b);
        a.syncFrom(c);
        SealedBatch cut = a.cut();

        assertThat(b.receive(cut)).isInstanceOf(Verdict.Park.class);
        assertThat(b.vault().horizon().isEmpty()).isTrue();
        assertThat(b.record("k").elements(FieldName.TAGS)).hasSize(1);
        b.syncFrom(c);
        b.syncFrom(a);
        assertThat(b.parked()).isEmpty();
        assertThat(b.vault().horizon()).isEqualTo(a.vault().horizon());
        assertThat(b.bytes()).isEqualTo(a.bytes());
    }

    @Test
    void scenario22DigestsAgreeWhileOneSettlesAndMergesGoOn() {
        a.put("k", "title", "t");
        exchange(a, b, c);
        members.forEach(Replica::ack);
        exchange(a, b, c);
        a.cut();
        b.set("k", "title", "of b");
        c.tag("k", "red");
        c.delete("l");
        exchange(a, b, c);

        assertThat(a.text("k", "title")).isEqualTo("of b");
        assertThat(a.record("k").siblings(TITLE)).hasSize(1);
        assertThat(b.vault().digest()).isEqualTo(a.vault().digest());
    }

    @Test
    void scenario25PastActorsCostAWriterNothing() {
        Replica writer = Replica.members(1).getFirst();
        for (int i = 0; i < 1_000; i++) {
            Device past = Device.number(1_000 + i);
            writer.write("", past.enrol());
            writer.write("", new Operation.Suspend(past.actor()));
            writer.cut();
        }
        Replica young = Replica.members(1).getFirst();

        assertThat(writer.vault().closed()).hasSize(1_000);
        assertThat(writer.vault().actors()).hasSize(1);
        assertThat(writer.put("k", "title", "t").encoded().size())
                .isLessThanOrEqualTo(young.put("k", "title", "t").encoded().size() + 2);
    }

    @Test
    void aSettledFieldCostsTwoBytesAtMost() {
        RecordState none = RecordState.EMPTY;
        a.put("k", "title", "t");
        a.tag("k", "red");
        settle(a, b, c);
        RecordState settled = a.record("k");

        int title = 1 + "title".length() + 2 + "t".length();
        int tags = 1 + "tags".length() + 1 + 2 + "red".length();
        assertThat(settled.encode().size() - none.encode().size() - title - tags)
                .isLessThanOrEqualTo(2 * 2);
        assertThat(RecordState.decode(settled.encode())).isEqualTo(settled);
        assertThat(settled.dots(TITLE)).isEmpty();
    }

    @Test
    void settledSiblingsStayReadableInTheirOrderUntilSomebodyDecides() {
        exchange(a, b, c);
        a.clock(2_000).set("k", "title", "y");
        b.clock(3_000).set("k", "title", "z");
        settle(a, b, c);

        assertThat(a.record("k").siblings(TITLE))
                .containsExactly(new Value.Text("z"), new Value.Text("y"));
        assertThat(RecordState.decode(a.record("k").encode())).isEqualTo(a.record("k"));
        c.set("k", "title", "w");
        exchange(a, b, c);
        assertThat(a.record("k").siblings(TITLE)).containsExactly(new Value.Text("w"));
    }

    /** A and B agree on all that C wrote and that it is excluded; only A has cut. */
    private void closeAtTheFirstOnly() {
        exchange(a, b, c);
        a.suspend(c);
        exchange(a, b);
        b.ack();
        a.syncFrom(b);
        a.cut();
        assertThat(a.vault().closed()).containsKey(c.actor());
        assertThat(b.vault().closed()).isEmpty();
    }

    @Test
    void aMemberThatHasNotCutYetMayNameWhatAClosedActorWrote() {
        c.put("k", "title", "of the closed one");
        closeAtTheFirstOnly();
        b.set("k", "title", "next");
        exchange(a, b);

        assertThat(a.record("k").siblings(TITLE)).containsExactly(new Value.Text("next"));
    }

    @Test
    void whatAClosedActorWroteHasBeenSeenByAllThatComes() {
        c.put("k", "title", "t");
        c.append("k", "log", "of the closed one");
        closeAtTheFirstOnly();
        exchange(a, b);
        a.truncate("k", "log", 0);
        exchange(a, b);

        assertThat(b.record("k").logs()).isEmpty();
    }

    @Test
    void aNewLifeTakesTheEntriesOfAClosedActorToo() {
        c.put("k", "title", "t");
        c.append("k", "log", "of the closed one");
        closeAtTheFirstOnly();
        exchange(a, b);
        b.put("k", "title", "anew");
        exchange(a, b);

        assertThat(a.record("k").logs()).isEmpty();
    }

    private Origin origin(Replica author, long counter, VersionVector context) {
        return new Origin(new Dot(author.actor(), counter), new Stamp(counter), context);
    }

    private static Operation.Set title(String text, Lifetime lifetime) {
        return new Operation.Set(TITLE, new Value.Text(text), List.of(), lifetime);
    }

    @Test
    void aVectorThatNoDeleteHasSeenIsNotErasedForANewLifeMayNotHaveSeenItEither() {
        VersionVector first = VersionVector.EMPTY.with(a.actor(), new Tip(1, 1));
        VersionVector horizon = VersionVector.EMPTY.with(a.actor(), new Tip(2, 2));
        Embedding vector = new Embedding(Sha256.of(Bytes.ofUtf8("")), Bytes.fromHex("00000001"));
        RecordState dead =
                RecordState.EMPTY
                        .apply(origin(a, 1, VersionVector.EMPTY), title("old", Lifetime.CURRENT))
                        .apply(origin(b, 1, first), new Operation.Embed("m", vector, List.of()))
                        .apply(origin(a, 2, first), new Operation.Delete());
        Origin newLife = origin(c, 1, horizon);

        RecordState settledLate =
                dead.apply(newLife, title("new", Lifetime.FRESH)).settled(horizon);
        RecordState settledEarly =
                dead.settled(horizon).apply(newLife, title("new", Lifetime.FRESH)).settled(horizon);

        assertThat(settledLate.embeddings()).containsOnlyKeys("m");
        assertThat(settledEarly.encode()).isEqualTo(settledLate.encode());
    }

    @Test
    void aRecordIsNotErasedWhileOneOfItsDeletesIsUnsettled() {
        VersionVector first = VersionVector.EMPTY.with(a.actor(), new Tip(1, 1));
        VersionVector horizon = VersionVector.EMPTY.with(a.actor(), new Tip(2, 2));
        RecordState dead =
                RecordState.EMPTY
                        .apply(origin(a, 1, VersionVector.EMPTY), title("old", Lifetime.CURRENT))
                        .apply(origin(a, 2, first), new Operation.Delete())
                        .apply(origin(b, 1, first), new Operation.Delete())
                        .settled(horizon);
        Value red = new Value.Text("red");
        RecordState revived =
                dead.apply(
                        origin(c, 1, horizon),
                        new Operation.AddElement(FieldName.TAGS, red, List.of(), Lifetime.CURRENT));

        assertThat(dead.isAlive()).isFalse();
        assertThat(revived.value(TITLE)).contains(new Value.Text("old"));
    }

    @Test
    void aCutOfSomethingElseThanItsContextTellsIsRefused() {
        a.put("k", "title", "t");
        exchange(a, b, c);
        Operation early = new Operation.Cut(a.vault().frontier());
        Batch batch = a.draft(new Part("", List.of(early)));
        BatchId id = new BatchId(Device.VAULT, a.actor(), a.known().tip().sequence() + 1);

        assertThat(b.receive(new SealedBatch(id, BatchCodec.encode(batch))))
                .isInstanceOfSatisfying(
                        Verdict.Refuse.class,
                        refused ->
                                assertThat(refused.reason())
                                        .isEqualTo(Verdict.RefuseReason.BAD_CUT));
    }

    @Test
    void anActorThatReplacesAnotherOfItsDeviceExcludesIt() {
        Device again = new Device(Device.number(2).publicKey(), Bytes.fromHex("0102030405060708"));
        a.write("", new Operation.Enrol(again.publicKey(), again.nonce(), Optional.of(c.actor())));

        assertThat(a.vault().inGoodStanding(c.actor())).isFalse();
        assertThat(a.vault().inGoodStanding(again.actor())).isTrue();
        assertThat(VaultState.decode(a.vault().encode())).isEqualTo(a.vault());
    }
}

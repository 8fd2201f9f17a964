package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** What other replicated stores got wrong, by the numbers of the acceptance scenarios. */
class AcceptanceTest {
    private static final FieldName N = new FieldName("n");

    private final List<Replica> members = Replica.members(3);
    private final Replica a = members.get(0);
    private final Replica b = members.get(1);
    private final Replica c = members.get(2);

    private void exchange() {
        for (int round = 0; round < 2; round++) {
            for (Replica to : members) {
                members.forEach(to::syncFrom);
            }
        }
        assertThat(b.bytes()).isEqualTo(a.bytes());
        assertThat(c.bytes()).isEqualTo(a.bytes());
    }

    private static Operation unknown(int tag) {
        return new Operation.Unknown(tag, Bytes.ofUtf8("what a newer Loam wrote"));
    }

    @Test
    void scenario01TwoWritesInOppositeOrderGiveEqualBytesAndDigests() {
        SealedBatch ofA = a.set("k", "title", "of a");
        SealedBatch ofB = b.set("k", "title", "of b");
        a.receive(ofB);
        b.receive(ofA);

        assertThat(a.bytes()).isEqualTo(b.bytes());
        assertThat(a.vault().digest()).isEqualTo(b.vault().digest());
        assertThat(a.record("k").siblings(new FieldName("title"))).hasSize(2);
    }

    @Test
    void scenario02ABatchDeliveredTwiceChangesNothing() {
        SealedBatch increment = a.increment("k", "n", 5);
        SealedBatch entry = a.append("k", "n", "e");
        List.of(increment, entry).forEach(b::receive);
        SortedMap<String, Bytes> once = b.bytes();
        VaultState clocks = b.vault();

        assertThat(b.receive(increment)).isEqualTo(new Verdict.Duplicate());
        assertThat(b.receive(entry)).isEqualTo(new Verdict.Duplicate());

        assertThat(b.bytes()).isEqualTo(once);
        assertThat(b.vault()).isEqualTo(clocks);
        assertThat(b.log()).doesNotHaveDuplicates();
        assertThat(b.record("k").counters()).containsEntry(N, 5L);
    }

    @Test
    void scenario03ADeleteAheadOfThePutItSawUnparksAndWins() {
        SealedBatch put = a.put("k", "title", "t");
        b.receive(put);
        SealedBatch delete = b.delete("k");

        assertThat(c.receive(delete)).isEqualTo(new Verdict.Park(Verdict.ParkReason.DEPS));
        c.receive(put);
        assertThat(c.record("k").isAlive()).isFalse();
    }

    @Test
    void scenario04ConcurrentEditsOfTwoFieldsAreBothThere() {
        a.put("k", "title", "t");
        exchange();
        a.set("k", "body", "of a");
        b.set("k", "title", "of b");
        exchange();

        assertThat(c.text("k", "body")).isEqualTo("of a");
        assertThat(c.text("k", "title")).isEqualTo("of b");
    }

    @Test
    void scenario13ADeleteBesideAnUpdateLeavesTheRecordWholeOrAbsent() {
        a.put("k", "title", "t");
        a.increment("k", "n", 3);
        a.append("k", "n", "e");
        exchange();
        a.delete("k");
        b.tag("k", "red");
        exchange();

        assertThat(a.text("k", "title")).isEqualTo("t");
        assertThat(a.record("k").counters()).containsEntry(N, 3L);
        assertThat(a.record("k").logs().get(N)).hasSize(1);

        c.delete("k");
        exchange();
        assertThat(a.record("k").isAlive()).isFalse();
        assertThat(a.record("k").counters()).isEmpty();
    }

    @Test
    void scenario16OnlyIncrementsThatAResetSawVanish() {
        a.increment("k", "n", 5);
        exchange();
        a.reset("k", "n");
        b.increment("k", "n", 2);
        exchange();

        assertThat(c.record("k").counters()).containsEntry(N, 2L);
    }

    @Test
    void scenario16AnIncrementBesideADeleteKeepsTheRecordAndItsCount() {
        a.increment("k", "n", 5);
        exchange();
        a.delete("k");
        b.increment("k", "n", 2);
        exchange();

        assertThat(c.record("k").counters()).containsEntry(N, 7L);
    }

    @Test
    void scenario16AnIncrementBesideARemovalVanishes() {
        a.increment("k", "n", 5);
        exchange();
        a.remove("k");
        b.increment("k", "n", 2);
        exchange();
        assertThat(c.record("k").isAlive()).isFalse();

        c.increment("k", "n", 1);
        exchange();
        assertThat(a.record("k").counters()).containsEntry(N, 1L);
    }

    /** Each increment is another power of two, so that a bit tells whether it counts once. */
    @Test
    void scenario17EachIncrementCountsOnceThoughOthersAreMergedAmidACut() {
        Random random = new Random(17);
        int increments = 0;
        for (int round = 0; round < 12; round++) {
            for (Replica member : members) {
                member.increment("k", "n", 1L << increments++);
                member.syncFrom(members.get(random.nextInt(3)), 1 + random.nextInt(3));
                assertEachCountsOnce(member);
            }
            exchange();
            members.forEach(Replica::ack);
            Replica first = members.get(round % 3);
            members.forEach(first::syncFrom);
            Replica amid = members.get((round + 1) % 3);
            amid.increment("k", "n", 1L << increments++);
            first.cut();
            first.increment("k", "n", 1L << increments++);
            amid.syncFrom(first, random.nextInt(3));
            assertEachCountsOnce(amid);
            first.syncFrom(amid);
            assertEachCountsOnce(first);
        }
        exchange();
        exchange();

        assertThat(a.record("k").counters()).containsEntry(N, (1L << increments) - 1);
        assertThat(b.record("k").counters()).isEqualTo(a.record("k").counters());
        for (int order = 0; order < 100; order++) {
            List<SealedBatch> twice = new ArrayList<>(a.log());
            twice.addAll(a.log());
            Collections.shuffle(twice, random);
            Replica reader = Replica.reader();
            for (SealedBatch batch : twice) {
                reader.receive(batch);
                assertEachCountsOnce(reader);
            }
            assertThat(reader.bytes()).isEqualTo(a.bytes());
        }
    }

    private static void assertEachCountsOnce(Replica replica) {
        long applied =
                replica.operations().stream()
                        .mapToLong(each -> ((Operation.Increment) each.operation()).amount())
                        .sum();
        assertThat(replica.record("k").counters().getOrDefault(N, 0L)).isEqualTo(applied);
    }

    @Test
    void scenario19AThousandOrdersOfEveryKindGiveEqualBytes() {
        a.put("k", "n", "t");
        b.increment("k", "n", 1);
        c.append("k", "n", "e");
        b.syncFrom(a);
        b.max("k", "n", 4);
        c.min("k", "n", 4);
        a.syncFrom(c);
        a.truncate("k", "n", 0);
        c.write("k", unknown(0x0f));
        b.syncFrom(c);
        b.reset("k", "n");
        b.delete("k");
        a.purge("k");
        c.remove("l");
        b.tag("l", "red");
        settledAmidWrites("m");
        c.write("", new Operation.Retire());
        b.write("", Device.number(7).enrol());
        List<SealedBatch> batches = new ArrayList<>(History.batches(members));
        Replica first = Replica.reader();
        batches.forEach(first::receive);
        assertThat(first.parked()).isEmpty();

        Random random = new Random(19);
        for (int order = 0; order < 1_000; order++) {
            Collections.shuffle(batches, random);
            Replica reader = Replica.reader();
            batches.forEach(reader::receive);
            assertThat(reader.bytes()).isEqualTo(first.bytes());
        }
    }

    /** Siblings of what a cut settles, one of them written by somebody who had not heard of it. */
    private void settledAmidWrites(String key) {
        a.put(key, "title", "t");
        exchange();
        c.embed(key, "model", 1);
        a.embed(key, "model", 2);
        a.tag(key, "red");
        a.untag(key, "red");
        b.set(key, "title", "of b");
        c.set(key, "title", "of c");
        exchange();
        members.forEach(Replica::ack);
        exchange();
        a.cut();
        b.set(key, "title", "amid the cut");
        a.delete(key);
    }

    @Test
    void scenario32ANewerLoamsOperationPassesAnOldStoreByteForByte() {
        SealedBatch newer = a.write("k", unknown(0x0f));
        b.syncFrom(a);
        c.syncFrom(b);

        assertThat(c.log()).contains(newer);
        assertThat(c.record("k").unknownOperations()).isEqualTo(1);
        assertThat(c.record("k").isAlive()).isTrue();
        assertThat(c.bytes()).isEqualTo(b.bytes());
    }

    @Test
    void scenario32ATouchOfANewerLoamDoesNotKeepARecordAlive() {
        a.write("k", unknown(0x2f));
        exchange();

        assertThat(c.record("k").isAlive()).isFalse();
        assertThat(c.record("k").unknownOperations()).isEqualTo(1);
    }

    @Test
    void scenario32ACriticalOperationOfANewerLoamIsRefusedAndNothingOfItsBatchApplied() {
        Batch batch =
                a.draft(
                        new Part(
                                "k",
                                List.of(
                                        new Operation.Set(
                                                N, new Value.Whole(1), List.of(), Lifetime.CURRENT),
                                        unknown(0x8f))));
        BatchId id = new BatchId(Device.VAULT, a.actor(), a.known().tip().sequence() + 1);
        Verdict verdict = b.receive(new SealedBatch(id, BatchCodec.encode(batch)));

        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Refuse.class,
                        refused ->
                                assertThat(refused.reason())
                                        .isEqualTo(Verdict.RefuseReason.UPGRADE_REQUIRED));
        assertThat(b.record("k").isAlive()).isFalse();
    }
}

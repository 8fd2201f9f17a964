package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What is cut out of a batch is gone from it, and nothing else has changed. */
class CutFormPropertyTest {
    private static final Dot PURGE = new Dot(Device.number(0).actor(), 7);
    private static final Dot LATER = new Dot(Device.number(1).actor(), 9);

    @Provide
    Arbitrary<Batch> batches() {
        return AnyBatch.batches();
    }

    @Provide
    Arbitrary<History> histories() {
        return History.histories();
    }

    @Provide
    Arbitrary<SettlingHistory> settlingHistories() {
        return SettlingHistory.histories();
    }

    @Property
    void theChainIsTheSameWhateverIsCutOut(@ForAll("batches") Batch batch, @ForAll long seed) {
        Bytes whole = BatchCodec.encode(batch);
        Bytes cut = CutForm.cut(whole, some(batch, seed, PURGE));

        assertThat(hash(cut)).isEqualTo(hash(whole));
    }

    @Property
    void whatIsLeftIsAsItWas(@ForAll("batches") Batch batch, @ForAll long seed) {
        Map<String, Dot> purges = some(batch, seed, PURGE);
        Batch cut = BatchCodec.decode(CutForm.cut(BatchCodec.encode(batch), purges));

        assertThat(cut.parts())
                .isEqualTo(batch.parts().stream().filter(part -> !isCut(part, purges)).toList());
        assertThat(countersByKey(batch)).containsAllEntriesOf(countersByKey(cut));
        assertThat(cut.operationCount()).isEqualTo(batch.operationCount());
        assertThat(cut.tip(3)).isEqualTo(batch.tip(3));
        assertThat(cut.mark()).isEqualTo(batch.mark());
        assertThat(cut.dependencies()).isEqualTo(batch.dependencies());
        assertThat(cut.cuts()).hasSize(batch.parts().size() - cut.parts().size());
        assertThat(cut.cuts()).allMatch(each -> each.purge().equals(PURGE));
    }

    @Property
    void cuttingTwiceIsCuttingBoth(
            @ForAll("batches") Batch batch, @ForAll long first, @ForAll long second) {
        Bytes whole = BatchCodec.encode(batch);
        Map<String, Dot> both = some(batch, second, LATER);
        both.putAll(some(batch, first, PURGE));

        Bytes once = CutForm.cut(whole, some(batch, first, PURGE));
        Bytes twice = CutForm.cut(once, both);

        assertThat(twice).isEqualTo(CutForm.cut(whole, both));
        assertThat(CutForm.cut(twice, both)).isSameAs(twice);
    }

    @Property
    void neitherSeedNorSaltNorContentOfWhatWasCutOutIsLeft(
            @ForAll("batches") Batch batch, @ForAll long seed) {
        Map<String, Dot> purges = some(batch, seed, PURGE);
        Bytes whole = BatchCodec.encode(batch);
        Bytes cut = CutForm.cut(whole, purges);
        if (cut.equals(whole)) {
            return;
        }
        PartReader parts = PartReader.of(whole);
        Bytes seedBytes = whole.slice(0, Batch.SEED_SIZE);
        assertThat(holds(cut, seedBytes)).isFalse();
        for (Part part : batch.parts()) {
            PartReader.Left left = (PartReader.Left) parts.next();
            assertThat(holds(cut, left.salt())).isEqualTo(!isCut(part, purges));
            assertThat(holds(cut, left.commitment())).isEqualTo(isCut(part, purges));
        }
    }

    @Property(tries = 100)
    void aCutBatchThatEndsTooEarlyIsRefused(@ForAll("batches") Batch batch, @ForAll long seed) {
        Bytes cut = CutForm.cut(BatchCodec.encode(batch), some(batch, seed, PURGE));
        for (int end = 0; end < cut.size(); end++) {
            assertThat(refusal(cut.slice(0, end))).contains(ErrorCode.CORRUPT);
        }
    }

    /** Of what the chain does not cover nothing is left: how much was cut out, and by whom. */
    @Property
    void aChangedByteIsRefusedOrChangesTheChainOrWhatIsSaidOfTheCut(
            @ForAll("batches") Batch batch,
            @ForAll long seed,
            @ForAll int place,
            @ForAll @IntRange(min = 1, max = 255) int mask) {
        Bytes cut = CutForm.cut(BatchCodec.encode(batch), some(batch, seed, PURGE));
        byte[] changed = cut.toArray();
        changed[Math.floorMod(place, changed.length)] ^= (byte) mask;
        Bytes bytes = Bytes.adopt(changed);
        Optional<ErrorCode> refusal = refusal(bytes);
        if (refusal.isPresent()) {
            assertThat(refusal.get()).isIn(ErrorCode.CORRUPT, ErrorCode.FORMAT_VERSION);
        } else if (hash(bytes).equals(hash(cut))) {
            assertThat(BatchCodec.decode(bytes).cuts()).isNotEqualTo(BatchCodec.decode(cut).cuts());
        }
    }

    @Property(tries = 300)
    void cutBatchesGiveTheSameStatesAsWholeOnesInAnyOrder(
            @ForAll("histories") History history, @ForAll long seed) {
        List<SealedBatch> batches = History.batches(history.play());
        Replica whole = Replica.reader();
        batches.forEach(whole::receive);

        assertSameWhenCut(whole, batches, new Random(seed));
    }

    @Property(tries = 150)
    void soTheyDoWithCutsOfTheHistoryBetweenThem(
            @ForAll("settlingHistories") SettlingHistory history, @ForAll long seed) {
        for (Replica member : history.play()) {
            assertSameWhenCut(member, member.log(), new Random(seed));
        }
    }

    private static void assertSameWhenCut(Replica whole, List<SealedBatch> batches, Random random) {
        List<SealedBatch> cut = new ArrayList<>();
        for (SealedBatch batch : batches) {
            Map<String, Dot> purges = purgesOver(whole, batch.id());
            purges.keySet().removeIf(key -> random.nextInt(4) == 0);
            cut.add(new SealedBatch(batch.id(), CutForm.cut(batch.encoded(), purges)));
        }
        Replica inOrder = Replica.reader();
        cut.forEach(inOrder::receive);
        Collections.shuffle(cut, random);
        Replica shuffled = Replica.reader();
        for (SealedBatch batch : cut) {
            shuffled.receive(batch);
            shuffled = random.nextInt(3) == 0 ? shuffled.reopened() : shuffled;
        }
        for (Replica each : List.of(inOrder, shuffled)) {
            // Who hears of an exclusion first does not take what nobody names.
            if (each.vault().frontier().equals(whole.vault().frontier())) {
                assertThat(each.bytes()).isEqualTo(whole.bytes());
            }
        }
    }

    /** By key the last purge that the batch's author had not seen. */
    private static Map<String, Dot> purgesOver(Replica whole, BatchId id) {
        Map<String, Dot> purges = new HashMap<>();
        for (Replica.Applied purge : whole.operations()) {
            boolean isUnseen =
                    purge.operation() instanceof Operation.Purge
                            && whole.operations().stream()
                                    .filter(each -> isOf(whole, id, each))
                                    .anyMatch(
                                            each ->
                                                    each.key().equals(purge.key())
                                                            && !each.origin()
                                                                    .saw(purge.origin().dot()));
            if (isUnseen) {
                purges.put(purge.key(), purge.origin().dot());
            }
        }
        return purges;
    }

    private static boolean isOf(Replica whole, BatchId id, Replica.Applied applied) {
        if (!applied.origin().dot().actor().equals(id.actor())) {
            return false;
        }
        Batch batch =
                whole.log().stream()
                        .filter(each -> each.id().equals(id))
                        .findFirst()
                        .orElseThrow()
                        .batch();
        long place = applied.origin().dot().counter() - batch.firstCounter();
        return place >= 0 && place < batch.operationCount();
    }

    private static Map<String, Dot> some(Batch batch, long seed, Dot purge) {
        Random random = new Random(seed);
        Map<String, Dot> purges = new HashMap<>();
        Set<String> keys = new HashSet<>();
        batch.parts().forEach(part -> keys.add(part.key()));
        for (String key : keys) {
            if (random.nextBoolean()) {
                purges.put(key, purge);
            }
        }
        return purges;
    }

    private static boolean isCut(Part part, Map<String, Dot> purges) {
        return !part.isControl()
                && part.operations().stream().noneMatch(Operation.Removal.class::isInstance)
                && purges.containsKey(part.key());
    }

    private static Map<String, Long> countersByKey(Batch batch) {
        Map<String, Long> counters = new HashMap<>();
        var each = batch.partCounters();
        batch.parts().forEach(part -> counters.put(part.key(), each.nextLong()));
        return counters;
    }

    private static boolean holds(Bytes bytes, Bytes sought) {
        return bytes.toHex().contains(sought.toHex());
    }

    private static ChainHash hash(Bytes encoded) {
        return Chain.next(
                new BatchId(Device.VAULT, Device.number(0).actor(), 1), Chain.START, encoded);
    }

    private static Optional<ErrorCode> refusal(Bytes bytes) {
        try {
            BatchCodec.decode(bytes);
            return Optional.empty();
        } catch (LoamException refused) {
            return Optional.of(refused.code());
        }
    }
}

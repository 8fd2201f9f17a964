package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How batches come in of which parts were forgotten. */
class CutBatchTest {
    private final Replica a;
    private final Replica b;
    private final SealedBatch put;
    private final SealedBatch purge;

    CutBatchTest() {
        List<Replica> members = Replica.members(2);
        a = members.getFirst();
        b = members.getLast();
        put = a.put("k", "title", "secret");
        purge = a.purge("k");
    }

    private static Dot dotOf(SealedBatch batch) {
        return new Dot(batch.id().actor(), batch.batch().firstCounter());
    }

    private static SealedBatch cut(SealedBatch batch, Dot purge) {
        return new SealedBatch(batch.id(), CutForm.cut(batch.encoded(), Map.of("k", purge)));
    }

    private static void assertRefused(Verdict verdict) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Refuse.class,
                        refused ->
                                assertThat(refused.reason())
                                        .isEqualTo(Verdict.RefuseReason.PROTOCOL));
    }

    @Test
    void aPurgeIsAwaitedFromTheFirstCutUntilItComes() {
        b.receive(cut(put, dotOf(purge)));

        assertThat(b.record("k").isEmpty()).isTrue();
        assertThat(b.vault().awaitedPurges()).containsExactly(dotOf(purge));
        assertThat(VaultState.decode(b.vault().encode())).isEqualTo(b.vault());

        b.receive(purge);

        assertThat(b.vault().awaitedPurges()).isEmpty();
        assertThat(b.vault()).isEqualTo(a.vault());
    }

    @Test
    void whatOnlyTheCutPartReferredToMayStandInTheTables() {
        SealedBatch cut = cut(put, dotOf(purge));

        assertThat(cut.batch().parts()).isEmpty();
        assertThat(cut.batch().operationCount()).isEqualTo(1);
        assertThat(cut.encoded().toHex()).doesNotContain(Bytes.ofUtf8("secret").toHex());
    }

    @Test
    void aPartThatPurgesIsNeverCutOut() {
        assertThat(CutForm.cut(purge.encoded(), Map.of("k", new Dot(b.actor(), 9))))
                .isSameAs(purge.encoded());
    }

    @Test
    void aBatchIsNotCutForAPurgeThatItsAuthorHadSeen() {
        b.receive(put);
        b.receive(purge);
        SealedBatch again = a.put("k", "title", "anew");

        assertRefused(b.receive(cut(again, dotOf(purge))));
        assertThat(b.receive(again)).isInstanceOf(Verdict.Apply.class);
    }

    @Test
    void aBatchIsNotCutForWhatHasComeAndIsNoPurge() {
        SealedBatch other = a.put("other", "title", "t");
        SealedBatch late = b.put("k", "title", "late");
        ChainHistory knowing =
                new ChainHistory() {
                    @Override
                    public Optional<Bytes> prefix(ActorId actor, long sequence) {
                        return Optional.empty();
                    }

                    @Override
                    public boolean mayBePurge(Dot applied) {
                        return applied.equals(dotOf(purge));
                    }
                };
        SealedBatch wrongly = cut(late, dotOf(other));
        SealedBatch rightly = cut(late, dotOf(purge));

        assertRefused(judgeAtA(wrongly, knowing));
        assertThat(judgeAtA(rightly, knowing)).isInstanceOf(Verdict.Apply.class);
    }

    private Verdict judgeAtA(SealedBatch batch, ChainHistory history) {
        return Gate.judge(
                a.vault(),
                batch.id(),
                batch.batch(),
                batch.encoded(),
                history,
                Replica.WALL_MILLIS);
    }

    @Test
    void whatCameInThePlaceOfAnAwaitedPurgeIsRefused() {
        SealedBatch tag = a.tag("k", "x");
        b.receive(cut(put, dotOf(tag)));
        b.receive(purge);

        assertRefused(b.receive(tag));
    }

    @Test
    void aFormWithoutCutsIsRefused() {
        PartReader parts = PartReader.of(put.encoded());
        PartReader.Left left = (PartReader.Left) parts.next();
        Bytes none =
                new ByteWriter()
                        .raw(parts.headSalt())
                        .u8(0)
                        .u8(1)
                        .bytes(parts.head())
                        .bytes(left.content())
                        .raw(left.salt())
                        .toBytes();

        assertThatThrownBy(() -> BatchCodec.decode(none))
                .isInstanceOfSatisfying(
                        LoamException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT));
    }

    @Test
    void theLargestBatchMayBeCut() {
        int size = 1_000_000;
        int more = Limits.BATCH_BYTES_MAX - BatchCodec.encode(large(size)).size();
        Bytes whole = BatchCodec.encode(large(size + more));
        Map<String, Dot> purges = new HashMap<>();
        for (int i = 0; i < 996; i++) {
            purges.put("k%03d".formatted(i), dotOf(purge));
        }

        Bytes cut = CutForm.cut(whole, purges);

        assertThat(whole.size()).isEqualTo(Limits.BATCH_BYTES_MAX);
        assertThat(cut.size()).isGreaterThan(Limits.BATCH_BYTES_MAX);
        assertThat(BatchCodec.decode(cut).cuts()).hasSize(996);
    }

    private Batch large(int lastBytes) {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < 996; i++) {
            parts.add(new Part("k%03d".formatted(i), List.of(new Operation.Delete())));
        }
        for (int i = 0; i < 3; i++) {
            parts.add(new Part("l" + i, List.of(binary(Limits.VALUE_BYTES_MAX))));
        }
        parts.add(new Part("m", List.of(binary(lastBytes))));
        return a.draft(parts.toArray(Part[]::new));
    }

    private static Operation binary(int size) {
        return new Operation.Set(
                new FieldName("f"),
                new Value.Binary(Bytes.adopt(new byte[size])),
                List.of(),
                Lifetime.FRESH);
    }
}

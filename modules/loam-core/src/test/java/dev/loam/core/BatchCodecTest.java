package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no correct writer writes, and what is just within the limits. */
class BatchCodecTest {
    private static final Bytes SEED = Bytes.fromHex("00".repeat(Batch.SEED_SIZE));
    private static final int DELETE_TAG = 11;

    private static void assertCorrupt(Bytes encoded) {
        assertThatThrownBy(() -> BatchCodec.decode(encoded))
                .isInstanceOfSatisfying(
                        LoamException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT));
    }

    private static void assertOfNewerLoam(Bytes encoded) {
        assertThatThrownBy(() -> BatchCodec.decode(encoded))
                .isInstanceOfSatisfying(
                        LoamException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.FORMAT_VERSION));
    }

    /** Part 0 without dependencies; the tables follow. */
    private static ByteWriter head(int form, int partCount) {
        return new ByteWriter().u8(form).fixed64(1).varint(1).varint(partCount).varint(0);
    }

    private static Bytes batch(ByteWriter head, ByteWriter... parts) {
        ByteWriter out = new ByteWriter().raw(SEED).bytes(head.toBytes());
        for (ByteWriter part : parts) {
            out.bytes(part.toBytes());
        }
        return out.toBytes();
    }

    private static Bytes batchOf(ByteWriter... parts) {
        return batch(head(1, parts.length).varint(0).varint(0), parts);
    }

    private static ByteWriter deletions(String key, int count) {
        ByteWriter part = new ByteWriter().utf8(key);
        for (int i = 0; i < count; i++) {
            part.u8(DELETE_TAG);
        }
        return part;
    }

    private static Batch batchOf(List<Part> parts) {
        return new Batch(new Stamp(1), 1, List.of(), parts, SEED);
    }

    private static Part set(FieldName field, Value value) {
        return new Part("k", List.of(new Operation.Set(field, value, List.of(), Lifetime.CURRENT)));
    }

    @Test
    void aSmallBatchByHandIsWhatTheEncoderWrites() {
        Bytes encoded = batchOf(deletions("k", 1));

        assertThat(BatchCodec.encode(BatchCodec.decode(encoded))).isEqualTo(encoded);
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 14 | 0x20, 15 | 0x40, 15 | 0xe0})
    void aKindOfANewerLoamIsKeptByteForByte(int tag) {
        Bytes encoded = batchOf(new ByteWriter().utf8("k").u8(tag).bytes(Bytes.ofUtf8("what")));

        Batch batch = BatchCodec.decode(encoded);

        assertThat(batch.parts())
                .containsExactly(
                        new Part("k", List.of(new Operation.Unknown(tag, Bytes.ofUtf8("what")))));
        assertThat(BatchCodec.encode(batch)).isEqualTo(encoded);
    }

    @Test
    void aControlKindOfANewerLoamBelongsIntoThePartOfControlOperations() {
        Bytes encoded = batchOf(new ByteWriter().utf8("").u8(31).bytes(Bytes.EMPTY));

        assertThat(BatchCodec.encode(BatchCodec.decode(encoded))).isEqualTo(encoded);
        assertCorrupt(batchOf(new ByteWriter().utf8("k").u8(31).bytes(Bytes.EMPTY)));
        assertCorrupt(batchOf(new ByteWriter().utf8("").u8(15).bytes(Bytes.EMPTY)));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 11 | 0x20, 12 | 0x80, 13 | 0x40, 6, 10})
    void aKindThatThisVersionKnowsWithOtherFlagsIsOfANewerLoam(int tag) {
        assertOfNewerLoam(batchOf(new ByteWriter().utf8("k").u8(tag)));
    }

    @Test
    void kindZeroIsOfNobody() {
        assertCorrupt(batchOf(new ByteWriter().utf8("k").u8(0)));
    }

    @Test
    void flagsThatThisVersionDoesNotKnowAreOfANewerLoam() {
        assertOfNewerLoam(batchOf(new ByteWriter().utf8("k").u8(DELETE_TAG | 0x80)));
    }

    @Test
    void aLaterFormIsOfANewerLoamAndFormZeroOfNobody() {
        ByteWriter part = deletions("k", 1);
        assertOfNewerLoam(batch(head(2, 1).varint(0).varint(0), part));
        assertCorrupt(batch(head(0, 1).varint(0).varint(0), part));
    }

    @Test
    void aBatchWithoutPartsOrAPartWithoutOperationsIsRefused() {
        assertCorrupt(batchOf());
        assertCorrupt(batchOf(deletions("k", 0)));
    }

    @Test
    void partsOutOfOrderOrTwiceAreRefused() {
        assertCorrupt(batchOf(deletions("l", 1), deletions("k", 1)));
        assertCorrupt(batchOf(deletions("k", 1), deletions("k", 1)));
    }

    @Test
    void recordAndControlOperationsStandInTheirOwnParts() {
        ByteWriter enrolment =
                new ByteWriter().utf8("k").u8(0x80 | 17).raw(Bytes.fromHex("00".repeat(40)));
        assertCorrupt(batchOf(deletions("", 1)));
        assertCorrupt(batchOf(enrolment));
    }

    @Test
    void tableEntriesThatNothingRefersToAreRefused() {
        ByteWriter part = deletions("k", 1);
        assertCorrupt(batch(head(1, 1).varint(1).raw(SEED).varint(0), part));
        assertCorrupt(batch(head(1, 1).varint(0).varint(1).utf8("text"), part));
    }

    @Test
    void tablesOutOfOrderOrWithRepetitionsAreRefused() {
        ByteWriter twoDots = new ByteWriter().utf8("k").u8(1).varint(0).varint(2);
        twoDots.varint(0).varint(1).varint(1).varint(1).u8(4);
        assertThat(BatchCodec.decode(withActors(twoDots, 1, 2)).operationCount()).isEqualTo(1);
        assertCorrupt(withActors(twoDots, 2, 1));
        assertCorrupt(withActors(twoDots, 1, 1));

        ByteWriter twoNames = new ByteWriter().utf8("k").u8(0x26).varint(0).u8(0x26).varint(1);
        assertThat(BatchCodec.decode(withNames(twoNames, "a", "b")).operationCount()).isEqualTo(2);
        assertCorrupt(withNames(twoNames, "b", "a"));
        assertCorrupt(withNames(twoNames, "a", "a"));
        assertCorrupt(withNames(twoNames, "\ud83d\ude00", "\uffee"));
    }

    @Test
    void aTableOfWhichOneEntryIsReferredToAndAnotherIsNotIsRefused() {
        ByteWriter oneDot = new ByteWriter().utf8("k").u8(1).varint(0).varint(1);
        oneDot.varint(1).varint(1).u8(4);
        assertCorrupt(withActors(oneDot, 1, 2));

        ByteWriter oneName = new ByteWriter().utf8("k").u8(0x26).varint(1);
        assertCorrupt(withNames(oneName, "a", "b"));
    }

    @Test
    void listsOutOfOrderOrWithRepetitionsAreRefused() {
        for (int second : new int[] {0, 1}) {
            ByteWriter dots = new ByteWriter().utf8("k").u8(1).varint(0).varint(2);
            dots.varint(1).varint(1).varint(second).varint(1).u8(4);
            assertCorrupt(withActors(dots, 1, 2));

            ByteWriter cut = new ByteWriter().utf8("").u8(0x96).varint(2);
            cut.varint(1).varint(1).varint(1).varint(second).varint(1).varint(1);
            assertCorrupt(withActors(cut, 1, 2));
        }
    }

    private static Bytes withActors(ByteWriter part, int... lastBytes) {
        ByteWriter head = head(1, 1).varint(lastBytes.length);
        for (int last : lastBytes) {
            head.raw(SEED.slice(1, Batch.SEED_SIZE)).u8(last);
        }
        boolean usesName = part.toBytes().get(0) != 0;
        return batch(usesName ? head.varint(1).utf8("text") : head.varint(0), part);
    }

    private static Bytes withNames(ByteWriter part, String first, String second) {
        return batch(head(1, 1).varint(0).varint(2).utf8(first).utf8(second), part);
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 1_000, Integer.MAX_VALUE, 1L << 40, Long.MAX_VALUE})
    void countsThatTheBytesCannotHoldAreRefused(long count) {
        ByteWriter part = deletions("k", 1);
        assertCorrupt(batch(head(1, 1).varint(count).varint(0), part));
        assertCorrupt(batch(head(1, 1).varint(0).varint(count), part));
        assertCorrupt(new ByteWriter().raw(SEED).varint(count).toBytes());
        ByteWriter manyDots = new ByteWriter().utf8("k").u8(1).varint(0).varint(count).u8(4);
        assertCorrupt(batch(head(1, 1).varint(0).varint(1).utf8("text"), manyDots));
    }

    @Test
    void aBatchHoldsAtMostAThousandOperations() {
        assertThat(BatchCodec.decode(batchOf(deletions("k", 1_000))).operationCount())
                .isEqualTo(1_000);
        assertCorrupt(batchOf(deletions("k", 1_001)));
        List<Operation> tooMany = Collections.nCopies(1_001, new Operation.Delete());
        assertThatThrownBy(() -> batchOf(List.of(new Part("k", tooMany))))
                .hasMessageContaining("operations of a batch is 1001");
    }

    @Test
    void aKeyHasAtMost1024Bytes() {
        assertThat(BatchCodec.decode(batchOf(deletions("k".repeat(1_024), 1))).parts()).hasSize(1);
        assertCorrupt(batchOf(deletions("k".repeat(1_025), 1)));
        assertCorrupt(batchOf(deletions("k\n", 1)));
    }

    @Test
    void aNameHasAtMost256Bytes() {
        assertThat(decodedWithName("n".repeat(256)).parts()).hasSize(1);
        assertThatThrownBy(() -> decodedWithName("n".repeat(257)))
                .hasMessageContaining("field name in bytes is 257");
    }

    private static Batch decodedWithName(String name) {
        ByteWriter truth = new ByteWriter().utf8("k").u8(1).varint(0).varint(0).u8(5);
        return BatchCodec.decode(batch(head(1, 1).varint(0).varint(1).utf8(name), truth));
    }

    @Test
    void aValueHasAtMostAMebibyte() {
        Value largest = new Value.Binary(Bytes.adopt(new byte[Limits.VALUE_BYTES_MAX]));
        Batch batch = batchOf(List.of(set(FieldName.TEXT, largest)));
        assertThat(BatchCodec.decode(BatchCodec.encode(batch))).isEqualTo(batch);

        Bytes tooLarge = Bytes.adopt(new byte[Limits.VALUE_BYTES_MAX + 1]);
        ByteWriter part =
                new ByteWriter().utf8("k").u8(1).varint(0).varint(0).u8(7).bytes(tooLarge);
        assertCorrupt(batch(head(1, 1).varint(0).varint(1).utf8("text"), part));
    }

    @Test
    void aBatchHasAtMostFourMebibytes() {
        int overhead = BatchCodec.encode(batchOfBytes(4_000_000)).size() - 4_000_000;
        Bytes largest = BatchCodec.encode(batchOfBytes(Limits.BATCH_BYTES_MAX - overhead));
        assertThat(largest.size()).isEqualTo(Limits.BATCH_BYTES_MAX);
        assertThat(BatchCodec.decode(largest).operationCount()).isEqualTo(4);

        assertThatThrownBy(
                        () ->
                                BatchCodec.encode(
                                        batchOfBytes(Limits.BATCH_BYTES_MAX - overhead + 1)))
                .hasMessageContaining("batch in bytes is 4194305");
        assertCorrupt(Bytes.adopt(new byte[Limits.BATCH_BYTES_MAX + 1]));
    }

    /** Four values of {@code size} bytes together. */
    private static Batch batchOfBytes(int size) {
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Bytes content = Bytes.adopt(new byte[(size + i) / 4]);
            operations.add(
                    new Operation.Set(
                            FieldName.TEXT,
                            new Value.Binary(content),
                            List.of(),
                            Lifetime.CURRENT));
        }
        return batchOf(List.of(new Part("k", operations)));
    }

    @Test
    void aNotANumberOtherThanTheCanonicalOneIsRefused() {
        ByteWriter part = new ByteWriter().utf8("k").u8(1).varint(0).varint(0).u8(3).fixed64(-1L);
        assertCorrupt(batch(head(1, 1).varint(0).varint(1).utf8("text"), part));
    }

    @Test
    void textThatIsNotUtf8IsRefused() {
        Bytes broken = Bytes.fromHex("c0af");
        ByteWriter part = new ByteWriter().utf8("k").u8(1).varint(0).varint(0).u8(1).bytes(broken);
        assertCorrupt(batch(head(1, 1).varint(0).varint(1).utf8("text"), part));
    }
}

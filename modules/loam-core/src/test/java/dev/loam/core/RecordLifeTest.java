package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of a record that several members change. */
class RecordLifeTest {
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

    private static List<Value> texts(String... texts) {
        return List.of(texts).stream().<Value>map(Value.Text::new).toList();
    }

    private List<Value> siblings(String field) {
        return a.record("k").siblings(new FieldName(field));
    }

    private List<Value> tags() {
        return a.record("k").elements(FieldName.TAGS);
    }

    @Test
    void concurrentValuesAreBothReadableAndTheLaterStampIsRead() {
        a.set("k", "title", "x");
        exchange();
        a.clock(2_000).set("k", "title", "y");
        b.clock(3_000).set("k", "title", "z");
        exchange();

        assertThat(siblings("title")).isEqualTo(texts("z", "y"));
        assertThat(a.text("k", "title")).isEqualTo("z");
    }

    @Test
    void aSlowClockStillReplacesWhatItsOwnerHasSeen() {
        a.clock(2_000).set("k", "title", "y");
        b.clock(3_000).set("k", "title", "z");
        exchange();
        c.clock(1).set("k", "title", "w");
        exchange();

        assertThat(siblings("title")).isEqualTo(texts("w"));
    }

    @Test
    void equalStampsAreDecidedByTheActorsBytes() {
        a.clock(2_000).set("k", "title", "of a");
        b.clock(2_000).set("k", "title", "of b");
        exchange();

        String expected = a.actor().compareTo(b.actor()) > 0 ? "of a" : "of b";
        assertThat(a.text("k", "title")).isEqualTo(expected);
    }

    @Test
    void concurrentEditsOfTwoFieldsAreBothThere() {
        a.set("k", "title", "x");
        exchange();
        a.set("k", "title", "y");
        b.set("k", "body", "z");
        exchange();

        assertThat(a.text("k", "title")).isEqualTo("y");
        assertThat(a.text("k", "body")).isEqualTo("z");
    }

    @Test
    void anElementAddedAgainMeanwhileOutlivesItsRemoval() {
        a.tag("k", "red");
        exchange();
        a.untag("k", "red");
        b.tag("k", "red");
        exchange();

        assertThat(tags()).isEqualTo(texts("red"));
    }

    @Test
    void anElementThatNobodyAddedAgainIsGone() {
        a.tag("k", "red");
        a.tag("k", "blue");
        exchange();
        b.untag("k", "red");
        exchange();

        assertThat(tags()).isEqualTo(texts("blue"));
    }

    @Test
    void anUpdateThatTheDeleteHadNotSeenBringsTheRecordBackWhole() {
        a.set("k", "title", "t");
        a.set("k", "body", "b");
        exchange();
        a.delete("k");
        b.tag("k", "red");
        exchange();

        assertThat(a.record("k").isAlive()).isTrue();
        assertThat(a.text("k", "title")).isEqualTo("t");
        assertThat(a.text("k", "body")).isEqualTo("b");
        assertThat(tags()).isEqualTo(texts("red"));
    }

    @Test
    void aDeleteThatSawBothSidesEndsTheRecord() {
        a.set("k", "title", "t");
        exchange();
        a.delete("k");
        b.tag("k", "red");
        exchange();
        a.delete("k");
        exchange();

        assertThat(b.record("k").isAlive()).isFalse();
    }

    @Test
    void lifeDoesNotHangOnTheValuesLeft() {
        a.set("k", "title", "t");
        exchange();
        a.delete("k");
        b.tag("k", "red");
        b.untag("k", "red");
        exchange();

        assertThat(a.record("k").isAlive()).isTrue();
        assertThat(a.text("k", "title")).isEqualTo("t");
    }

    @Test
    void aTouchDoesNotBringADeletedRecordBack() {
        a.tag("k", "red");
        exchange();
        a.delete("k");
        b.untag("k", "red");
        b.embed("k", "m", 1);
        exchange();

        assertThat(a.record("k").isAlive()).isFalse();
    }

    @Test
    void aNewLifeHasNothingOfTheOldOne() {
        a.set("k", "title", "old");
        a.set("k", "body", "old");
        a.tag("k", "red");
        a.embed("k", "m", 1);
        exchange();
        a.delete("k");
        a.put("k", "title", "new");
        exchange();

        assertThat(b.record("k").values())
                .containsOnlyKeys(new FieldName("title"))
                .containsValue(new Value.Text("new"));
        assertThat(tags()).isEmpty();
        assertThat(a.record("k").embeddings()).isEmpty();
    }

    @Test
    void aPutOverALivingRecordKeepsWhatItsAuthorHadNotSeen() {
        a.set("k", "title", "old");
        exchange();
        a.put("k", "title", "new");
        b.set("k", "body", "meanwhile");
        exchange();

        assertThat(siblings("title")).isEqualTo(texts("new"));
        assertThat(a.text("k", "body")).isEqualTo("meanwhile");
    }

    @Test
    void theOperationsAfterAFreshOneOfTheSameBatchStay() {
        a.set("k", "body", "old");
        FieldName title = new FieldName("title");
        a.write(
                new Part(
                        "k",
                        List.of(
                                new Operation.Set(
                                        title, new Value.Text("t"), List.of(), Lifetime.FRESH),
                                new Operation.AddElement(
                                        FieldName.TAGS,
                                        new Value.Text("red"),
                                        List.of(),
                                        Lifetime.CURRENT))));

        assertThat(a.record("k").values()).containsOnlyKeys(title);
        assertThat(tags()).isEqualTo(texts("red"));
    }

    @Test
    void readsOfADeletedRecordFindNothingButItsDotsAreStillKnown() {
        a.set("k", "title", "t");
        a.tag("k", "red");
        a.embed("k", "m", 1);
        a.delete("k");
        RecordState state = a.record("k");

        assertThat(state.value(new FieldName("title"))).isEmpty();
        assertThat(state.values()).isEmpty();
        assertThat(tags()).isEmpty();
        assertThat(state.embeddings()).isEmpty();
        assertThat(state.dots(new FieldName("title"))).hasSize(1);
        assertThat(state.dots(FieldName.TAGS, new Value.Text("red"))).hasSize(1);
        assertThat(state.embeddingDots("m")).hasSize(1);
    }

    @Test
    void oneOfTwoConcurrentEmbeddingsIsRead() {
        a.set("k", "title", "t");
        exchange();
        a.clock(2_000).embed("k", "m", 1);
        b.clock(3_000).embed("k", "m", 2);
        exchange();

        assertThat(a.record("k").embeddings()).containsOnlyKeys("m");
        assertThat(a.record("k").embeddings().values())
                .extracting(Embedding::vector)
                .containsExactly(Bytes.fromHex("00000002"));
        assertThat(a.record("k").embeddingDots("m")).hasSize(2);
    }

    @Test
    void contentHashDependsOnWhatIsReadAndNotOnWhoWroteItWhen() {
        a.clock(5_000).set("k", "title", "t");
        b.clock(9_000).put("k", "title", "t");
        RecordId id = new RecordId(Device.VAULT, "k");

        assertThat(a.record("k")).isNotEqualTo(b.record("k"));
        assertThat(a.record("k").contentHash(id)).isEqualTo(b.record("k").contentHash(id));
        b.set("k", "title", "u");
        assertThat(a.record("k").contentHash(id)).isNotEqualTo(b.record("k").contentHash(id));
        assertThat(a.record("k").contentHash(new RecordId(Device.VAULT, "l")))
                .isNotEqualTo(a.record("k").contentHash(id));
    }

    @Test
    void elementsAreInTheOrderOfTheirBytes() {
        String beyondTheBasicPlane = "\ud83d\ude00";
        a.tag("k", beyondTheBasicPlane);
        a.tag("k", "\uffee");
        a.tag("k", "b");
        a.tag("k", "ab");

        assertThat(tags()).isEqualTo(texts("ab", "b", "\uffee", beyondTheBasicPlane));
    }
}

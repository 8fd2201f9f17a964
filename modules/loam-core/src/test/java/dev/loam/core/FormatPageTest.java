package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page of the format says what the code does, byte for byte. */
class FormatPageTest {
    private static final Path PAGE = Path.of("../../docs/formats/batch.md");

    private static String page = "";

    private final Replica founder = new Replica(numbered(0x10));
    private final Replica member = new Replica(numbered(0x20));
    private final SealedBatch batch = example();

    @BeforeAll
    static void readPage() throws IOException {
        page = Files.readString(PAGE);
    }

    /** The hexadecimal digits of a block of the page, comments aside. */
    private static Bytes golden(String block) {
        Matcher found =
                Pattern.compile("```hex " + block + "\n(.*?)```", Pattern.DOTALL).matcher(page);
        assertThat(found.find()).as("block %s of %s", block, PAGE).isTrue();
        return Bytes.fromHex(found.group(1).replaceAll("#.*|\\s", ""));
    }

    /** A device whose key and nonce are bytes counted on from {@code first}. */
    private static Device numbered(int first) {
        byte[] key = new byte[DeviceId.PUBLIC_KEY_SIZE];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (first + i);
        }
        return new Device(Bytes.adopt(key), Bytes.copyOf(key, 0, ActorId.NONCE_SIZE));
    }

    /** The founder puts "old"; the member writes "new" over it, tags it and deletes another. */
    private SealedBatch example() {
        founder.clock(1_700_000_000_000L);
        founder.write(new Part("", List.of(numbered(0x10).found(), numbered(0x20).enrol())));
        founder.put("note", "text", "old");
        member.syncFrom(founder);
        member.clock(1_700_000_001_000L);
        return member.write(
                new Part(
                        "note",
                        List.of(
                                new Operation.Set(
                                        FieldName.TEXT,
                                        new Value.Text("new"),
                                        member.record("note").dots(FieldName.TEXT),
                                        Lifetime.CURRENT),
                                new Operation.AddElement(
                                        FieldName.TAGS,
                                        new Value.Text("red"),
                                        List.of(),
                                        Lifetime.CURRENT))),
                new Part("other", List.of(new Operation.Delete())));
    }

    @Test
    void theBatchIsTheOneOnThePage() {
        assertThat(batch.encoded().toHex()).isEqualTo(golden("batch").toHex());
        assertThat(BatchCodec.decode(golden("batch"))).isEqualTo(batch.batch());
    }

    @Test
    void aBatchOfEveryKindOfRecordOperationIsTheOneOnThePage() {
        Dot seen = new Dot(numbered(0x10).actor(), 1);
        FieldName field = new FieldName("n");
        Value value = new Value.Whole(7);
        List<Dot> over = List.of(seen);
        Batch every =
                new Batch(
                        Stamp.ofMillis(1_700_000_001_000L),
                        2,
                        List.of(),
                        List.of(
                                new Part(
                                        "note",
                                        List.of(
                                                new Operation.Set(
                                                        field, value, over, Lifetime.FRESH),
                                                new Operation.Max(field, value, over),
                                                new Operation.Min(field, value, over),
                                                new Operation.Embed(
                                                        "m",
                                                        new Embedding(
                                                                Bytes.fromHex("00".repeat(32)),
                                                                Bytes.fromHex("0000803f")),
                                                        over),
                                                new Operation.Increment(
                                                        field, -3, Lifetime.CURRENT),
                                                new Operation.Reset(field),
                                                new Operation.AddElement(
                                                        field, value, over, Lifetime.CURRENT),
                                                new Operation.RemoveElement(field, value, over),
                                                new Operation.Append(
                                                        field, value, Lifetime.CURRENT),
                                                new Operation.Truncate(
                                                        field, new LogKey(new Stamp(5), seen)),
                                                new Operation.Delete(),
                                                new Operation.Remove(),
                                                new Operation.Purge(),
                                                new Operation.Unknown(0x6f, Bytes.ofUtf8("new"))))),
                        Bytes.fromHex("3e122a46e26c17e5ef9e17887318a79d"));

        assertThat(BatchCodec.encode(every).toHex()).isEqualTo(golden("kinds").toHex());
        assertThat(BatchCodec.decode(golden("kinds"))).isEqualTo(every);
    }

    @Test
    void itsChainHashIsTheOneOnThePage() {
        assertThat(Chain.next(batch.id(), Chain.START, golden("batch")).toString())
                .isEqualTo(golden("chain").toHex());
    }

    @Test
    void theRecordsStateAndContentAreThoseOnThePage() {
        RecordState state = member.record("note");

        assertThat(state.encode().toHex()).isEqualTo(golden("record").toHex());
        assertThat(RecordState.decode(golden("record"))).isEqualTo(state);
        assertThat(state.contentHash(new RecordId(Device.VAULT, "note")).toHex())
                .isEqualTo(golden("content").toHex());
    }

    @Test
    void theVaultsStateIsTheOneOnThePage() {
        assertThat(member.vault().encode().toHex()).isEqualTo(golden("vault").toHex());
        assertThat(VaultState.decode(golden("vault"))).isEqualTo(member.vault());
    }

    @Test
    void theExampleIsCutAsOnThePage() {
        Bytes cut = CutForm.cut(golden("batch"), Map.of("note", new Dot(founder.actor(), 4)));

        assertThat(cut.toHex()).isEqualTo(golden("cut").toHex());
        assertThat(Chain.next(batch.id(), Chain.START, cut).toString())
                .isEqualTo(golden("chain").toHex());
    }
}

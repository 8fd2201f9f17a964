package dev.loam.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.ChainHash;
import dev.loam.core.VaultId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page of the format says what the code does, byte for byte. */
class FormatPageTest {
    private static final Path PAGE = Path.of("../../docs/formats/sync.md");
    private static final VaultId VAULT = ModelStore.vault(0);
    private static final ActorId FIRST = ModelStore.actor(0);
    private static final ActorId SECOND = ModelStore.actor(1);

    private static String page = "";

    @BeforeAll
    static void readPage() throws IOException {
        page = Files.readString(PAGE);
    }

    @Test
    void helloIsAsOnThePage() {
        SortedMap<ActorId, ActorHead> heads = new TreeMap<>();
        heads.put(FIRST, new ActorHead(3, Scripted.hash(0xaa)));
        heads.put(SECOND, new ActorHead(300, Scripted.hash(0xbb)));
        Bytes digest = ModelStore.filled(VaultSummary.DIGEST_BYTES, 1);

        check("HELLO", Scripted.hello(VAULT, Optional.of(digest), heads));
    }

    @Test
    void helloOfAVaultInWhichSomethingIsSettledIsAsOnThePage() {
        SortedMap<ActorId, ActorHead> heads = new TreeMap<>();
        heads.put(FIRST, new ActorHead(3, Scripted.hash(0xaa)));
        heads.put(SECOND, new ActorHead(300, Scripted.hash(0xbb)));
        HistoryBounds bounds =
                new HistoryBounds(
                        new TreeMap<>(Map.of(FIRST, 2L, ModelStore.actor(2), 7L)),
                        new TreeSet<>(List.of(SECOND, ModelStore.actor(3))),
                        HistoryBounds.Want.MISSING);
        VaultSummary vault =
                new VaultSummary(
                        VAULT, Optional.empty(), heads, new TreeSet<>(List.of(FIRST)), bounds);

        check("HELLO SETTLED", Frame.Hello.of(LocalSummary.of(List.of(vault))));
    }

    @Test
    void snapshotFramesAreAsOnThePage() {
        check("MANIFEST", new Frame.Manifest(VAULT, 3, 2_048, Bytes.fromHex("c1c2")));
        check("NEED", new Frame.Need(VAULT, List.of(0, 2)));
        check("CHUNK", new Frame.Chunk(VAULT, 2, Bytes.fromHex("c1c2c3")));
    }

    @Test
    void planIsAsOnThePage() {
        check("PLAN", Scripted.plan(VAULT, SECOND, new SequenceRange(171, 300), 4_096));
    }

    @Test
    void batchesAreAsOnThePage() {
        Optional<Bytes> seal = Optional.of(ModelStore.filled(SyncEntry.SEAL_BYTES, 0x5e));
        Optional<Bytes> other = Optional.of(ModelStore.filled(SyncEntry.SEAL_BYTES, 0x5f));
        List<SyncEntry> entries =
                List.of(
                        new SyncEntry(FIRST, 2, Bytes.fromHex("c1c1"), Optional.empty()),
                        new SyncEntry(SECOND, 300, Bytes.fromHex("c2"), seal),
                        new SyncEntry(FIRST, 3, Bytes.fromHex("c3"), other));

        check("BATCHES", new Frame.Batches(VAULT, entries));
        check("CREDIT", new Frame.Credit(SyncEntry.weight(entries)));
        check("DURABLE", new Frame.Durable(VAULT, SyncEntry.reached(entries)));
    }

    @Test
    void pingAndPauseAreAsOnThePage() {
        check("PING", new Frame.Ping());
        check("PAUSE", new Frame.Pause(30_000));
    }

    @Test
    void parkedIsAsOnThePage() {
        BatchRanges ranges =
                new BatchRanges(new TreeMap<>(Map.of(Scripted.BERT, new SequenceRange(299, 301))));
        check("PARKED", new Frame.Parked(VAULT, ranges, 3_600_000));
    }

    @Test
    void theSearchForDivergedRecordsIsAsOnThePage() {
        SortedMap<Integer, RangeSum> sums = new TreeMap<>(Map.of(300, new RangeSum(2, 0x0102L)));
        check("DIGESTS", new Frame.Digests(VAULT, sums));
        check("RECORDS", new Frame.Records(VAULT, new TreeMap<>(Map.of("k7", 0x0102L))));
    }

    @Test
    void endIsAsOnThePage() {
        check("END", new Frame.End(EndReason.DONE));
    }

    @ParameterizedTest
    @EnumSource
    void eachReasonHasTheCodeOfThePage(EndReason reason) {
        Bytes end = FrameCodec.encode(new Frame.End(reason));

        assertThat(page).contains("| `" + end.toHex().substring(2) + "` | `" + reason + "` |");
        assertThat(FrameCodec.decode(end)).isEqualTo(new Frame.End(reason));
    }

    @Test
    void thePageListsTheReasonsThatThereAreAndNoOther() {
        List<String> listed = new ArrayList<>();
        Matcher row =
                Pattern.compile("(?m)^\\| `(\\p{XDigit}{2})` \\| `([A-Z_]+)` \\|").matcher(page);
        while (row.find()) {
            listed.add(row.group(1) + " " + row.group(2));
        }

        assertThat(listed)
                .containsExactlyElementsOf(
                        Stream.of(EndReason.values())
                                .map(reason -> "%02x %s".formatted(reason.code(), reason))
                                .toList());
    }

    /** So that a reason that is renamed or dropped is not left in the prose. */
    @Test
    void everyNameInThePageIsOfAReasonOrAFrame() {
        Set<String> known =
                Stream.of(EndReason.values()).map(EndReason::name).collect(Collectors.toSet());
        Matcher heading = Pattern.compile("(?m)^## ([A-Z]+)$").matcher(page);
        while (heading.find()) {
            known.add(heading.group(1));
        }
        Set<String> named = new TreeSet<>();
        Matcher name = Pattern.compile("`([A-Z][A-Z_]+)`").matcher(page);
        while (name.find()) {
            named.add(name.group(1));
        }

        assertThat(known).containsAll(named);
    }

    @Test
    void helloOfThirtyTwoActorsFitsInAKibibyteHoweverMuchTheyWrote() {
        SortedMap<ActorId, ActorHead> heads = new TreeMap<>();
        for (int i = 0; i < 32; i++) {
            ChainHash hash = Scripted.hash(i);
            heads.put(ModelStore.actor(i), new ActorHead(ActorHead.SEQUENCE_MAX, hash));
        }
        Bytes digest = ModelStore.filled(VaultSummary.DIGEST_BYTES, 1);
        SortedMap<ActorId, Long> horizon = new TreeMap<>();
        heads.forEach((actor, head) -> horizon.put(actor, head.sequence() - 1_000));
        HistoryBounds bounds =
                new HistoryBounds(horizon, new TreeSet<>(), HistoryBounds.Want.MISSING);
        VaultSummary vault =
                new VaultSummary(VAULT, Optional.of(digest), heads, new TreeSet<>(), bounds);

        Bytes hello = FrameCodec.encode(Frame.Hello.of(LocalSummary.of(List.of(vault))));

        assertThat(hello.size()).isEqualTo(952).isLessThanOrEqualTo(1_024);
    }

    private static void check(String block, Frame frame) {
        Matcher found =
                Pattern.compile("```hex " + block + "\n(.*?)```", Pattern.DOTALL).matcher(page);
        assertThat(found.find()).as("block %s of %s", block, PAGE).isTrue();
        String hex = found.group(1).replaceAll("#.*|\\s", "");

        assertThat(FrameCodec.encode(frame).toHex()).isEqualTo(hex);
        assertThat(FrameCodec.decode(Bytes.fromHex(hex))).isEqualTo(frame);
    }
}

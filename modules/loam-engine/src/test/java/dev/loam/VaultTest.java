package dev.loam;

import static dev.loam.TestStores.assertCode;
import static dev.loam.TestStores.open;
import static dev.loam.TestStores.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import dev.loam.core.Limits;
import dev.loam.core.Value;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultTest {
    @TempDir Path directory;
    private Loam loam;
    private Vault vault;

    @BeforeEach
    void openStore() {
        loam = open(directory.resolve("store"));
        vault = loam.vault("main");
    }

    @AfterEach
    void closeStore() {
        loam.close();
    }

    @Test
    void whatPutReturnedForIsRead() {
        Instant time = Instant.parse("2026-03-02T18:05:00Z");
        Memory memory =
                Memory.of("Ann likes green tea")
                        .key("ann")
                        .at(time)
                        .field("speaker", "Ann")
                        .field("cups", 3)
                        .field("share", 0.5)
                        .field("sure", true)
                        .tag("drink")
                        .vector("mine", 3, 4);
        vault.put(memory);
        Memory read = vault.get("ann").orElseThrow();
        assertThat(read.text()).isEqualTo("Ann likes green tea");
        assertThat(read.time()).contains(time);
        assertThat(read.fields()).isEqualTo(memory.fields());
        assertThat(read.tags()).containsExactly("drink");
        assertThat(read.vectors()).isEqualTo(memory.vectors());
    }

    @Test
    void aMemoryWithoutKeyGetsOneAndWithoutTimeGetsNow() {
        Receipt first = vault.put(Memory.of("one"));
        Receipt second = vault.put(Memory.of("two"));
        assertThat(first.key()).isNotEqualTo(second.key());
        assertThat(vault.get(first.key()).orElseThrow().time()).isPresent();
        assertThat(second.position()).isGreaterThan(first.position());
    }

    @Test
    void putReplacesTheWholeMemory() {
        vault.put(Memory.of("old").key("k").tag("a").field("x", "1"));
        vault.put(Memory.of("new").key("k").field("y", "2"));
        Memory read = vault.get("k").orElseThrow();
        assertThat(read.text()).isEqualTo("new");
        assertThat(read.tags()).isEmpty();
        assertThat(read.field("x")).isEmpty();
        assertThat(read.field("y")).contains(new Value.Text("2"));
    }

    @Test
    void updateChangesOnlyWhatItNames() {
        vault.put(Memory.of("text").key("k").tag("a").tag("b").field("x", "1"));
        vault.update("k", Update.none().set("x", "2").untag("a").tag("c"));
        Memory read = vault.get("k").orElseThrow();
        assertThat(read.text()).isEqualTo("text");
        assertThat(read.tags()).containsExactly("b", "c");
        assertThat(read.field("x")).contains(new Value.Text("2"));
    }

    @Test
    void whatWasDeletedIsAbsentAndAPutBeginsAnew() {
        vault.put(Memory.of("old").key("k").field("x", "1"));
        vault.delete("k");
        assertThat(vault.get("k")).isEmpty();
        assertThat(vault.scan("", 10, Optional.empty()).memories()).isEmpty();
        vault.put(Memory.of("new").key("k"));
        assertThat(vault.get("k").orElseThrow().field("x")).isEmpty();
    }

    @Test
    void changingWhatIsAbsentIsNotFound() {
        assertCode(ErrorCode.NOT_FOUND, () -> vault.delete("k"));
        assertCode(ErrorCode.NOT_FOUND, () -> vault.update("k", Update.none().text("x")));
        assertThat(loam.vaults()).isEmpty();
    }

    @Test
    void scanPagesThroughThePrefixInKeyOrder() {
        for (String key : List.of("b2", "a", "b1", "b3", "c", "bä")) {
            vault.put(Memory.of(key).key(key));
        }
        Page first = vault.scan("b", 2, Optional.empty());
        assertThat(first.memories()).extracting(Memory::key).containsExactly("b1", "b2");
        Page second = vault.scan("b", 2, first.next());
        assertThat(second.memories()).extracting(Memory::key).containsExactly("b3", "bä");
        assertThat(second.next()).isEmpty();
    }

    @Test
    void aWriterFindsItsOwnWriteAtOnce() {
        vault.put(Memory.of("The spare key is under the blue flowerpot").key("spare"));
        vault.put(Memory.of("Lunch was soup").key("lunch"));
        assertThat(vault.recall("where is the spare key?", 5).hits())
                .extracting(hit -> hit.memory().key())
                .startsWith("spare");
        vault.delete("spare");
        assertThat(vault.recall("where is the spare key?", 5).hits())
                .extracting(hit -> hit.memory().key())
                .doesNotContain("spare");
    }

    @Test
    void filtersNarrowARecall() {
        Instant noon = Instant.parse("2026-01-01T12:00:00Z");
        vault.put(Memory.of("tea one").key("1").tag("x").field("who", "Ann").at(noon));
        vault.put(Memory.of("tea two").key("2").tag("y").field("who", "Bob").at(noon));
        vault.put(Memory.of("tea three").key("3").tag("x").at(noon.plusSeconds(60)));
        assertThat(keys(Filter.all().tag("x"))).containsExactlyInAnyOrder("1", "3");
        assertThat(keys(Filter.all().where("who", new Value.Text("Bob")))).containsExactly("2");
        assertThat(keys(Filter.all().from(noon.plusSeconds(1)))).containsExactly("3");
        assertThat(keys(Filter.all().tag("x").to(noon.plusSeconds(60)))).containsExactly("1");
    }

    private List<String> keys(Filter filter) {
        return vault.recall("tea", 10, filter).hits().stream()
                .map(hit -> hit.memory().key())
                .toList();
    }

    @Test
    void theCallersVectorsAreSearchedByTheirModelAlone() {
        vault.put(Memory.of("north").key("n").vector("compass", 0, 1));
        vault.put(Memory.of("east").key("e").vector("compass", 2, 0));
        vault.put(Memory.of("other").key("o").vector("else", 1, 0, 0));
        Recall recall = vault.recall("zzz", "compass", new float[] {0.9f, 0.1f}, 5, Filter.all());
        assertThat(recall.model()).contains("compass");
        assertThat(recall.hits()).extracting(hit -> hit.memory().key()).containsExactly("e", "n");
    }

    @Test
    void vectorsThatDoNotFitAreRefusedAndNothingIsWritten() {
        vault.put(Memory.of("a").key("a").vector("m", 1, 0));
        String digest = loam.digest();
        assertCode(
                ErrorCode.INVALID_ARGUMENT,
                () -> vault.put(Memory.of("b").key("b").vector("m", 1, 0, 0)));
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> Memory.of("c").vector("m", Float.NaN, 1));
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> Memory.of("c").vector("m", 0, 0));
        assertCode(
                ErrorCode.INVALID_QUERY,
                () -> vault.recall("q", "m", new float[] {1, 2, 3}, 5, Filter.all()));
        assertCode(
                ErrorCode.INVALID_QUERY,
                () -> vault.recall("q", "unknown", new float[] {1}, 5, Filter.all()));
        assertThat(loam.digest()).isEqualTo(digest);
    }

    @Test
    void limitsHoldAtNAndRefuseNPlusOne() {
        String longestKey = "k".repeat(Limits.KEY_BYTES_MAX);
        vault.put(Memory.of("x".repeat(Limits.VALUE_BYTES_MAX)).key(longestKey));
        assertThat(text(vault, longestKey).orElseThrow()).hasSize(Limits.VALUE_BYTES_MAX);
        assertCode(ErrorCode.LIMIT_EXCEEDED, () -> Memory.of("").key(longestKey + "k"));
        assertCode(
                ErrorCode.LIMIT_EXCEEDED, () -> Memory.of("x".repeat(Limits.VALUE_BYTES_MAX + 1)));
        assertCode(
                ErrorCode.LIMIT_EXCEEDED,
                () -> Memory.of("").tag("t".repeat(Limits.TAG_BYTES_MAX + 1)));
        assertCode(ErrorCode.LIMIT_EXCEEDED, () -> vault.recall("q", Limits.RECALL_HITS_MAX + 1));
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> Memory.of("").key("a\nb"));
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> Memory.of("").field("text", "x"));
        assertCode(ErrorCode.INVALID_QUERY, () -> vault.recall(" ", 5));
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> loam.vault("../x"));
    }

    @Test
    void aMemoryLargerThanABatchIsRefusedWhole() {
        Memory large = Memory.of("").key("large");
        String mebibyte = "x".repeat(Limits.VALUE_BYTES_MAX);
        for (int i = 0; i < 5; i++) {
            large = large.field("f" + i, mebibyte);
        }
        Memory tooLarge = large;
        assertCode(ErrorCode.LIMIT_EXCEEDED, () -> vault.put(tooLarge));
        assertThat(vault.get("large")).isEmpty();
        assertThat(loam.vaults()).isEmpty();
    }

    @Test
    void aClosedStoreSaysSo() {
        loam.close();
        loam.close();
        assertCode(ErrorCode.CLOSED, () -> vault.put(Memory.of("x")));
        assertCode(ErrorCode.CLOSED, () -> vault.get("x"));
    }
}

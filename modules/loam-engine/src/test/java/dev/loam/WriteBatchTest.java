package dev.loam;

import static dev.loam.TestStores.assertCode;
import static dev.loam.TestStores.open;
import static dev.loam.TestStores.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import dev.loam.core.FieldName;
import dev.loam.core.Limits;
import dev.loam.core.Position;
import dev.loam.core.Value;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes of several memories, and the kinds of fields that devices change together. */
class WriteBatchTest {
    private static final FieldName N = new FieldName("n");

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

    private Memory read(String key) {
        return vault.get(key).orElseThrow();
    }

    @Test
    void severalMemoriesGoIntoOneBatch() {
        vault.put(Memory.of("old").key("b"));

        List<Receipt> receipts =
                vault.write(
                        batch -> {
                            batch.put(Memory.of("new").key("c"));
                            batch.update("b", Update.none().text("changed"));
                            batch.update("c", Update.none().tag("t"));
                            batch.put(Memory.of("first").key("a"));
                        });

        assertThat(receipts.stream().map(Receipt::key)).containsExactly("c", "b", "a");
        assertThat(receipts.stream().map(Receipt::batch).distinct()).hasSize(1);
        assertThat(text(vault, "b")).contains("changed");
        assertThat(read("c").tags()).containsExactly("t");
        assertThat(text(vault, "a")).contains("first");
    }

    @Test
    void nothingIsWrittenIfOneMemoryIsAbsent() {
        vault.put(Memory.of("old").key("b"));
        Position before = loam.stats().end();

        assertCode(
                ErrorCode.NOT_FOUND,
                () ->
                        vault.write(
                                batch -> {
                                    batch.put(Memory.of("new").key("a"));
                                    batch.delete("none");
                                }));

        assertThat(vault.get("a")).isEmpty();
        assertThat(loam.stats().end()).isEqualTo(before);
    }

    @Test
    void nothingIsWrittenInAVaultThatOnlyTheBatchWouldMake() {
        assertCode(
                ErrorCode.NOT_FOUND,
                () ->
                        vault.write(
                                batch -> {
                                    batch.put(Memory.of("new").key("a"));
                                    batch.update("none", Update.none().tag("t"));
                                }));

        assertThat(loam.stats().vaults()).isEmpty();
    }

    @Test
    void aBatchHoldsAThousandOperationsAndNoMore() {
        vault.put(Memory.of("").key("k"));

        vault.write(batch -> increments(batch, Limits.BATCH_OPERATIONS_MAX));
        assertThat(read("k").counters()).containsEntry(N, 1_000L);
        assertCode(
                ErrorCode.LIMIT_EXCEEDED,
                () -> vault.write(batch -> increments(batch, Limits.BATCH_OPERATIONS_MAX + 1)));

        assertThat(read("k").counters()).containsEntry(N, 1_000L);
    }

    private static void increments(WriteBatch batch, int count) {
        for (int i = 0; i < count; i++) {
            batch.update("k", Update.none().increment("n", 1));
        }
    }

    @Test
    void aBatchOfMoreThanFourMebibytesIsRefusedWhole() {
        String mebibyte = "x".repeat(1 << 20);

        assertCode(
                ErrorCode.LIMIT_EXCEEDED,
                () ->
                        vault.write(
                                batch -> {
                                    for (int i = 0; i < 4; i++) {
                                        batch.put(Memory.of(mebibyte).key("k" + i));
                                    }
                                }));

        assertThat(vault.get("k0")).isEmpty();
    }

    @Test
    void anEmptyBatchIsRefused() {
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> vault.write(batch -> {}));
    }

    @Test
    void aCounterCountsAndIsTakenAway() {
        vault.put(Memory.of("").key("k").counter("n", 5));
        vault.update("k", Update.none().increment("n", -7));
        assertThat(read("k").counters()).containsEntry(N, -2L);

        vault.update("k", Update.none().reset("n").increment("n", 1));
        assertThat(read("k").counters()).containsEntry(N, 1L);
    }

    @Test
    void aCounterNeverLeavesItsRange() {
        vault.put(Memory.of("").key("k").counter("n", Long.MAX_VALUE - 1));
        vault.update("k", Update.none().increment("n", 1));

        assertCode(
                ErrorCode.LIMIT_EXCEEDED, () -> vault.update("k", Update.none().increment("n", 1)));

        assertThat(read("k").counters()).containsEntry(N, Long.MAX_VALUE);
        vault.update("k", Update.none().increment("n", Long.MIN_VALUE));
        assertThat(read("k").counters()).containsEntry(N, -1L);
    }

    @Test
    void aLogKeepsItsLastEntries() {
        vault.put(Memory.of("").key("k"));
        for (String entry : List.of("a", "b", "c")) {
            vault.update("k", Update.none().append("n", entry));
        }
        vault.update("k", Update.none().truncate("n", 2));
        assertThat(read("k").logs().get(N))
                .containsExactly(new Value.Text("b"), new Value.Text("c"));

        vault.update("k", Update.none().truncate("n", 0));
        assertThat(read("k").logs()).isEmpty();
    }

    @Test
    void aMaximumThatWouldNotChangeIsNotWritten() {
        vault.put(Memory.of("").key("k").max("n", new Value.Whole(5)));
        Position before = loam.stats().end();

        Receipt receipt = vault.update("k", Update.none().max("n", new Value.Whole(5)));

        assertThat(loam.stats().end()).isEqualTo(before);
        assertThat(receipt.position()).isEqualTo(before);
        vault.update("k", Update.none().max("n", new Value.Whole(6)).min("n", new Value.Whole(1)));
        assertThat(read("k").maxima()).containsEntry(N, new Value.Whole(6));
        assertThat(read("k").minima()).containsEntry(N, new Value.Whole(1));
    }

    @Test
    void aPutReplacesCountersAndLogs() {
        vault.put(Memory.of("").key("k").counter("n", 5).entry("n", new Value.Text("a")));
        vault.put(Memory.of("").key("k"));

        assertThat(read("k").counters()).isEmpty();
        assertThat(read("k").logs()).isEmpty();
    }

    @Test
    void whatWasWrittenIsThereAfterAReopenAndARebuild() {
        vault.put(Memory.of("").key("k").counter("n", 5).entry("n", new Value.Text("a")));
        vault.put(Memory.of("").key("gone"));
        vault.remove("gone");
        var digest = loam.digest();
        loam.rebuild(Progress.NONE);

        assertThat(loam.digest()).isEqualTo(digest);
        assertThat(read("k").counters()).containsEntry(N, 5L);
        assertThat(read("k").logs().get(N)).containsExactly(new Value.Text("a"));
        assertThat(vault.get("gone")).isEmpty();
    }
}

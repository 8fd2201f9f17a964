package dev.loam;

import static dev.loam.TestStores.assertCode;
import static dev.loam.TestStores.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import dev.loam.core.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is forgotten is in no file of the store, whatever the store has done with it before. */
class ForgetTest {
    private static final String VAULT = "main";

    @TempDir Path directory;

    private Path store;

    @BeforeEach
    void makeStore() {
        store = directory.resolve("store");
    }

    /** Among others, in a batch of its own and in one with others. */
    private static void fill(Loam loam) {
        Vault vault = loam.vault(VAULT);
        for (int i = 0; i < 50; i++) {
            vault.put(Memory.of("memory " + i + " of lanterns").key("a" + i).tag("t"));
        }
        vault.write(
                batch -> {
                    batch.put(Memory.of("before it").key("j"));
                    batch.put(ForgottenWords.memory());
                    batch.put(Memory.of("behind it").key("l"));
                });
        vault.update(ForgottenWords.KEY, ForgottenWords.update());
        for (int i = 0; i < 50; i++) {
            vault.put(Memory.of("memory " + i + " of ladders").key("b" + i).tag("t"));
        }
    }

    private static void assertGone(Loam loam) {
        Vault vault = loam.vault(VAULT);
        assertThat(vault.get(ForgottenWords.KEY)).isEmpty();
        assertThat(vault.history(ForgottenWords.KEY).changes().toString())
                .doesNotContain(ForgottenWords.WORDS);
        for (String word : ForgottenWords.WORDS) {
            assertThat(vault.recall(word, 10).hits()).isEmpty();
        }
        assertThat(vault.get("j").map(Memory::text)).contains("before it");
        assertThat(vault.get("l").map(Memory::text)).contains("behind it");
        assertThat(vault.scan("", 1_000, Optional.empty()).memories()).hasSize(102);
    }

    /** Such as a group of batches that a power cut tore: nobody reads it, and it holds words. */
    @Test
    void whatAnOpeningOfTheLogHadSetAsideGoesToo() throws IOException {
        try (Loam loam = open(store)) {
            fill(loam);
        }
        Path log = store.resolve("log");
        TestStores.copy(log.resolve("0000000000000001"), log.resolve("0000000000000009"));
        try (Loam loam = open(store)) {
            assertThat(log.resolve("0000000000000009.aside")).isDirectory();
            loam.vault(VAULT).forget(List.of(ForgottenWords.KEY));
            assertGone(loam);
            assertThat(ForgottenWords.inFiles(store)).isEmpty();
        }
    }

    @Test
    void theGrepFindsWhatIsNotForgotten() throws IOException {
        try (Loam loam = open(store)) {
            fill(loam);
        }
        assertThat(ForgottenWords.in(store))
                .anyMatch(file -> file.startsWith("log/"))
                .anyMatch(file -> file.startsWith("index/"))
                .anyMatch(file -> file.startsWith("entry"));
    }

    @Test
    void nothingIsLeftInAnyFileOfTheStore() throws IOException {
        String digest;
        try (Loam loam = open(store)) {
            fill(loam);
            ForgetReceipt receipt = loam.vault(VAULT).forget(List.of(ForgottenWords.KEY));
            assertThat(receipt.keys()).containsExactly(ForgottenWords.KEY);
            assertThat(receipt.batchesCut()).isEqualTo(2);
            assertGone(loam);
            assertThat(ForgottenWords.inFiles(store)).isEmpty();
            digest = loam.digest();
        }
        assertThat(ForgottenWords.in(store)).isEmpty();
        try (Loam loam = open(store)) {
            assertGone(loam);
            assertThat(loam.digest()).isEqualTo(digest);
            assertThat(loam.verify(new VerifyScope.Full(), Progress.NONE).damage()).isEmpty();
        }
    }

    @Test
    void aRebuildGivesTheSameDigestAndBringsNothingBack() throws IOException {
        try (Loam loam = open(store)) {
            fill(loam);
            loam.vault(VAULT).forget(List.of(ForgottenWords.KEY));
            String digest = loam.digest();
            loam.rebuild(Progress.NONE);
            assertThat(loam.digest()).isEqualTo(digest);
            assertGone(loam);
        }
        assertThat(ForgottenWords.in(store)).isEmpty();
    }

    @Test
    void whatACompactionHasPutInPlaceOfBatchesIsForgottenToo() throws IOException {
        try (Loam loam = open(store)) {
            fill(loam);
            loam.compact(CompactOptions.aggressive(), Progress.NONE);
        }
        assertThat(ForgottenWords.in(store)).contains("states");
        String digest;
        try (Loam loam = open(store)) {
            loam.vault(VAULT).forget(List.of(ForgottenWords.KEY));
            digest = loam.digest();
            assertGone(loam);
        }
        assertThat(ForgottenWords.in(store)).isEmpty();
        try (Loam loam = open(store)) {
            loam.rebuild(Progress.NONE);
            assertThat(loam.digest()).isEqualTo(digest);
            assertGone(loam);
        }
    }

    @Test
    void aCompactionAfterwardsBringsNothingBack() throws IOException {
        try (Loam loam = open(store)) {
            fill(loam);
            loam.vault(VAULT).forget(List.of(ForgottenWords.KEY));
            loam.compact(CompactOptions.aggressive(), Progress.NONE);
            loam.rebuild(Progress.NONE);
            assertGone(loam);
        }
        assertThat(ForgottenWords.in(store)).isEmpty();
    }

    @Test
    void aDeletedMemoryIsForgottenToo() throws IOException {
        try (Loam loam = open(store)) {
            fill(loam);
            loam.vault(VAULT).delete(ForgottenWords.KEY);
            loam.vault(VAULT).forget(List.of(ForgottenWords.KEY));
            assertGone(loam);
        }
        assertThat(ForgottenWords.in(store)).isEmpty();
    }

    @Test
    void aKeyMayBeUsedAgainAndForgottenAgain() throws IOException {
        try (Loam loam = open(store)) {
            fill(loam);
            Vault vault = loam.vault(VAULT);
            vault.forget(List.of(ForgottenWords.KEY));
            vault.put(Memory.of("something else").key(ForgottenWords.KEY));
            assertThat(vault.get(ForgottenWords.KEY).map(Memory::text)).contains("something else");
            vault.put(ForgottenWords.memory());
            vault.forget(List.of(ForgottenWords.KEY));
            assertGone(loam);
        }
        assertThat(ForgottenWords.in(store)).isEmpty();
    }

    @Test
    void turnsOfOneSessionDoNotKeepItsWords() throws IOException {
        try (Loam loam = open(store)) {
            fill(loam);
            Vault vault = loam.vault(VAULT);
            vault.put(Memory.of("first turn").key("s1").field("session", "x").field("turn", 1));
            vault.update(
                    ForgottenWords.KEY,
                    Update.none().set("session", "x").set("turn", new Value.Whole(2)));
            vault.put(Memory.of("third turn").key("s3").field("session", "x").field("turn", 3));
            vault.recall("turn", 3);
            vault.forget(List.of(ForgottenWords.KEY));
            assertThat(vault.get("s3")).isPresent();
        }
        assertThat(ForgottenWords.in(store)).isEmpty();
    }

    @Test
    void whatNobodyKnowsCannotBeForgotten() {
        try (Loam loam = open(store)) {
            fill(loam);
            assertCode(
                    ErrorCode.NOT_FOUND,
                    () -> loam.vault(VAULT).forget(List.of("a1", "never there")));
            assertThat(loam.vault(VAULT).get("a1")).isPresent();
            assertCode(ErrorCode.NOT_FOUND, () -> loam.vault("novault").forget(List.of("a1")));
        }
    }

    @Test
    void aRemovalStandsAloneInItsBatch() {
        try (Loam loam = open(store)) {
            fill(loam);
            assertCode(
                    ErrorCode.INVALID_ARGUMENT,
                    () ->
                            loam.vault(VAULT)
                                    .write(
                                            batch -> {
                                                batch.remove("a1");
                                                batch.put(Memory.of("anew").key("a1"));
                                            }));
            assertThat(loam.vault(VAULT).get("a1").map(Memory::text))
                    .contains("memory 1 of lanterns");
        }
    }
}

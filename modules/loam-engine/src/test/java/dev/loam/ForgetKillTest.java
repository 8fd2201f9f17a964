package dev.loam;

import static dev.loam.TestStores.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that was killed between two steps of a forget goes on with it when it is opened. */
class ForgetKillTest {
    @TempDir Path directory;

    private Path store;

    @BeforeEach
    void fill() {
        store = directory.resolve("store");
        try (Loam loam = open(store)) {
            vault(loam).put(Memory.of("before").key("a"));
            vault(loam).put(ForgottenWords.memory());
            vault(loam).put(Memory.of("behind").key("z"));
        }
    }

    private static Vault vault(Loam loam) {
        return loam.vault("main");
    }

    private static void purgeOnly(Loam loam) {
        new VaultWrites(loam.store(), "main")
                .write(Map.of(ForgottenWords.KEY, List.of(Wish.FORGET)));
    }

    private void assertResumed() throws IOException {
        try (Loam loam = open(store)) {
            assertThat(loam.store().purgeNotes().from()).isEmpty();
            assertThat(vault(loam).get(ForgottenWords.KEY)).isEmpty();
            assertThat(vault(loam).get("a")).isPresent();
            assertThat(vault(loam).get("z")).isPresent();
            String digest = loam.digest();
            assertThat(loam.verify(Progress.NONE).damage()).isEmpty();
            assertThat(loam.rebuild(Progress.NONE).digestAfter()).isEqualTo(digest);
        }
        assertThat(store.resolve("forget")).doesNotExist();
        assertThat(ForgottenWords.in(store)).isEmpty();
    }

    @Test
    void whenThePurgeWasDurableAndNothingElse() throws IOException {
        try (Loam loam = open(store)) {
            purgeOnly(loam);
            assertThat(vault(loam).get(ForgottenWords.KEY)).isEmpty();
        }
        assertThat(ForgottenWords.in(store)).isNotEmpty();
        assertResumed();
    }

    @Test
    void whenItWasNotedAndThePurgeDidNotComeToTheDisk() throws IOException {
        try (Loam loam = open(store)) {
            loam.store().purgeNotes().begin(loam.store().log().end().next());
        }
        try (Loam loam = open(store)) {
            assertThat(vault(loam).get(ForgottenWords.KEY)).isPresent();
            assertThat(loam.store().purgeNotes().from()).isEmpty();
            vault(loam).forget(List.of(ForgottenWords.KEY));
        }
        assertResumed();
    }

    @Test
    void whenTheLogWasRewrittenAndTheIndexWasNot() throws IOException {
        try (Loam loam = open(store)) {
            purgeOnly(loam);
            rewriteLog(loam.store());
        }
        assertThat(ForgottenWords.in(store))
                .isNotEmpty()
                .allMatch(file -> file.startsWith("index/"));
        assertResumed();
    }

    private static void rewriteLog(Store store) {
        Position from = store.purgeNotes().from().orElseThrow();
        long first =
                store.writeAlone(
                        stage -> {
                            store.log().roll();
                            return store.firstSegment();
                        });
        store.forgetting().rewriteLog(Excision.of(store.log(), from), first);
    }

    @Test
    void whenTheIndexIsLostWithIt() throws IOException {
        try (Loam loam = open(store)) {
            purgeOnly(loam);
            rewriteLog(loam.store());
        }
        IndexBuild.deleteTree(store.resolve("index"));
        assertResumed();
    }

    @Test
    void whenAllWasDoneButTheNoteWasLeft() throws IOException {
        Path note = directory.resolve("note");
        try (Loam loam = open(store)) {
            purgeOnly(loam);
            Files.copy(store.resolve("forget"), note);
            loam.store().forgetting().carryOut();
        }
        Files.copy(note, store.resolve("forget"));
        assertResumed();
    }

    @Test
    void whenACompactionCameBetween() throws IOException {
        try (Loam loam = open(store)) {
            purgeOnly(loam);
            loam.compact(CompactOptions.aggressive(), Progress.NONE);
        }
        assertResumed();
    }

    @Test
    void severalArePutDownInOneNote() throws IOException {
        try (Loam loam = open(store)) {
            purgeOnly(loam);
            Optional<Position> from = loam.store().purgeNotes().from();
            vault(loam).put(ForgottenWords.memory());
            purgeOnly(loam);
            assertThat(loam.store().purgeNotes().from()).isEqualTo(from);
        }
        assertResumed();
    }
}

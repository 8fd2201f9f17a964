package dev.loam;

import static dev.loam.PairedStores.pair;
import static dev.loam.PairedStores.sync;
import static dev.loam.TestStores.assertCode;
import static dev.loam.TestStores.open;
import static dev.loam.TestStores.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.FieldName;
import dev.loam.core.VaultId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Killed at any step of a rebase, a store is as before or as after, and loses nothing. */
class RebaseKillTest {
    @TempDir Path directory;

    private VaultId vault;

    private Path at(String name) {
        return directory.resolve(name);
    }

    private static Vault vault(Loam loam) {
        return loam.vault("main");
    }

    /** A phone that must rebase and knows it; the laptop has let its next actor in. */
    @BeforeEach
    void phoneMustRebase() throws Exception {
        try (Loam laptop = open(at("laptop"));
                Loam phone = open(at("phone"))) {
            pair(laptop, phone);
            vault(laptop).put(Memory.of("one").key("a").counter("hits", 1));
            sync(laptop, phone);
            vault(phone).put(Memory.of("p").key("p"));
            sync(laptop, phone);
            vault(phone).update("a", Update.none().increment("hits", 5));
            vault(phone).put(Memory.of("new").key("x"));
            Cuts.suspend(laptop, "main", phone);
            vault(laptop).put(Memory.of("other").key("y"));
            Cuts.cut(laptop, "main");
            assertThat(sync(laptop, phone).reason()).isEqualTo("REBASE_REQUIRED");
            laptop.welcome(phone.identity().id(), phone.introduction());
            vault = laptop.vaults().getFirst().id();
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (!Files.isDirectory(file)) {
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /** All chunks of the laptop's snapshot, as a session leaves them. */
    private SnapshotHead chunksArrive() throws IOException {
        try (Loam laptop = open(at("laptop"))) {
            SnapshotHead head = SnapshotMaker.make(laptop.store(), vault);
            SnapshotFiles from = SnapshotFiles.made(StoreFolder.plain(at("laptop")), vault);
            SnapshotFiles to = SnapshotFiles.taken(StoreFolder.plain(at("phone")), vault);
            for (Bytes hash : head.hashes()) {
                to.keep(from.read(hash));
            }
            return head;
        }
    }

    private Path aside() {
        return at("phone").resolve("aside-" + vault.bytes().toHex());
    }

    private void comesHome() throws Exception {
        try (Loam laptop = open(at("laptop"));
                Loam phone = open(at("phone"))) {
            assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
            assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
            assertThat(phone.digest()).isEqualTo(laptop.digest());
            assertThat(text(vault(laptop), "x")).contains("new");
            assertThat(text(vault(phone), "y")).contains("other");
            assertThat(vault(laptop).get("a").orElseThrow().counters())
                    .containsEntry(new FieldName("hits"), 6L);
            assertThat(phone.verify(Progress.NONE).damage()).isEmpty();
            String digest = phone.digest();
            assertThat(phone.rebuild(Progress.NONE).digestAfter()).isEqualTo(digest);
        }
        assertThat(aside()).doesNotExist();
    }

    @Test
    void scenario31killedBeforeAnyChunkCame() throws Exception {
        try (Loam phone = open(at("phone"))) {
            assertThat(text(vault(phone), "x")).contains("new");
            vault(phone).put(Memory.of("while it waits").key("z"));
        }
        comesHome();
        try (Loam laptop = open(at("laptop"))) {
            assertThat(text(vault(laptop), "z")).contains("while it waits");
        }
    }

    @Test
    void scenario31killedWhenAllChunksHadCome() throws Exception {
        chunksArrive();
        try (Loam phone = open(at("phone"))) {
            assertThat(text(vault(phone), "x")).contains("new");
            assertThat(text(vault(phone), "y")).isEmpty();
        }
        comesHome();
    }

    @Test
    void scenario31killedWhenBatchesWereSetAsideAndTheLogWasNotReplaced() throws Exception {
        setAsideOnly();
        assertThat(aside()).exists();
        try (Loam phone = open(at("phone"))) {
            assertThat(text(vault(phone), "x")).contains("new");
            assertThat(text(vault(phone), "y")).isEmpty();
        }
        comesHome();
    }

    /** As much as is done before the log is replaced. */
    private void setAsideOnly() throws IOException {
        SnapshotHead head = chunksArrive();
        try (Loam phone = open(at("phone"))) {
            phone.store()
                    .writeAlone(
                            stage -> {
                                SetAside.collect(phone.store(), head.state(), List::of);
                                return List.of();
                            });
        }
    }

    @Test
    void whatWasSetAsideForASnapshotThatWasNotTakenIsNotWrittenTwice() throws Exception {
        setAsideOnly();

        try (Loam phone = open(at("phone"))) {
            phone.store().ownActors().standAgain(phone.store().state().vault(vault));
            Reemission.run(phone.store());

            assertThat(vault(phone).get("a").orElseThrow().counters())
                    .containsEntry(new FieldName("hits"), 6L);
            assertThat(aside()).content().doesNotContain("state waiting");
        }
    }

    @Test
    void whatWasSetAsideForASnapshotThatWasNotTakenIsSetAsideOnceForTheNext() throws Exception {
        setAsideOnly();
        setAsideOnly();
        try (Loam phone = open(at("phone"))) {
            assertThat(new SetAside(phone.store(), vault).items())
                    .extracting(SetAside.Item::id)
                    .doesNotHaveDuplicates()
                    .isNotEmpty();
        }
        comesHome();
    }

    @Test
    void scenario31killedWhenTheLogWasReplacedAndTheIndexWasTheOldOne() throws Exception {
        SnapshotHead head = chunksArrive();
        copyTree(at("phone").resolve("index"), at("old-index"));
        try (Loam phone = open(at("phone"))) {
            new Adoption(phone.store(), head).run();
        }
        IndexBuild.deleteTree(at("phone").resolve("index"));
        copyTree(at("old-index"), at("phone").resolve("index"));

        try (Loam phone = open(at("phone"))) {
            assertThat(text(vault(phone), "y")).contains("other");
            assertThat(text(vault(phone), "x")).contains("new");
        }
        comesHome();
    }

    @Test
    void scenario31killedWhenSomeWasWrittenAnew() throws Exception {
        SnapshotHead head = chunksArrive();
        try (Loam phone = open(at("phone"))) {
            new Adoption(phone.store(), head).run();
        }
        Files.copy(aside(), at("waiting"));
        try (Loam phone = open(at("phone"))) {
            assertThat(text(vault(phone), "x")).contains("new");
        }
        // As if the mark that all of it was written had not come to the disk.
        Files.copy(at("waiting"), aside(), StandardCopyOption.REPLACE_EXISTING);
        comesHome();
    }

    @Test
    void aSnapshotThatIsNotWhatItSaysChangesNothing() throws Exception {
        SnapshotHead head = chunksArrive();
        SnapshotHead wrong =
                new SnapshotHead(
                        head.state().counted(head.state().digest(), head.state().records() + 1),
                        head.settled(),
                        head.dimensions(),
                        head.tail(),
                        head.hashes(),
                        head.bytes());
        try (Loam phone = open(at("phone"))) {
            String before = phone.digest();
            assertCode(ErrorCode.CORRUPT, () -> new Adoption(phone.store(), wrong).run());
            assertThat(phone.digest()).isEqualTo(before);
            assertThat(phone.verify(Progress.NONE).damage()).isEmpty();
        }
        comesHome();
    }
}

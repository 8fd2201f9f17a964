package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.core.ErrorCode;
import dev.loam.core.VaultId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of the files beside a log is in its backups. */
class KeptFilesTest {
    @TempDir Path directory;

    @Test
    void aSmallFileOfWhichBackupsWouldNotKnowCannotBeMade() {
        StoreFolder folder = StoreFolder.plain(directory);
        assertThatThrownBy(() -> new SmallFile(folder, "new")).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> new SmallFile(folder, "aside-1"))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void everySmallFileIsKeptButWhereTheStoreLies() {
        StoreFolder folder = StoreFolder.plain(directory);
        Set<String> kept =
                Set.of(
                        "absences",
                        "actors",
                        "aside-" + "0f".repeat(VaultId.SIZE),
                        "contacts",
                        "device",
                        "forget",
                        "peers");
        kept.forEach(name -> new SmallFile(folder, name).write(List.of("line")));
        new SmallFile(folder, "place").write(List.of("line"));

        assertThat(KeptFiles.read(folder)).containsOnlyKeys(kept);
        TestStores.assertCode(
                ErrorCode.FORMAT_VERSION, () -> KeptFiles.write(folder, "place", List.of("line")));
    }

    /** Whatever lies in a store is told apart: a new kind of file has to be put to one of these. */
    @Test
    void allThatAStoreHoldsIsASmallFileOrMadeAnewOrNotOfTheBackup() throws Exception {
        Path store = directory.resolve("store");
        try (Loam laptop = TestStores.open(store);
                Loam phone = TestStores.open(directory.resolve("phone"))) {
            PairedStores.pair(laptop, phone);
            laptop.vault("main").put(Memory.of("t").key("k"));
            laptop.vault("main").put(Memory.of("t").key("forgotten"));
            PairedStores.sync(laptop, phone);
            laptop.vault("main").forget(List.of("forgotten"));
            laptop.backup(BackupOptions.into(directory.resolve("backup")), Progress.NONE);
        }
        try (Stream<Path> children = Files.list(store)) {
            Set<String> others =
                    children.map(child -> child.getFileName().toString())
                            .filter(name -> !SmallFile.isOne(name))
                            .collect(Collectors.toSet());
            assertThat(others).isSubsetOf("log", "index", "audit", "LOCK", "RESERVE");
        }
    }
}

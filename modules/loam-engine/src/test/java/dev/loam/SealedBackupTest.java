package dev.loam;

import static dev.loam.TestStores.assertCode;
import static dev.loam.TestStores.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import dev.loam.crypto.Suite;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of stores that are sealed. */
class SealedBackupTest {
    private static final String MARKER = "kumquat marmalade";

    @TempDir Path directory;

    private Path at(String name) {
        return directory.resolve(name);
    }

    private static Encryption by(int key) {
        byte[] bytes = new byte[Suite.KEY_BYTES];
        bytes[0] = (byte) key;
        return Encryption.by(KeySource.direct(bytes)).allowDirectKey();
    }

    private static LoamOptions sealed(int key) {
        return LoamOptions.unencrypted().encryption(by(key));
    }

    private static void put(Loam loam, String key) {
        loam.vault("main").put(Memory.of(MARKER + " " + key).key(key));
    }

    private BackupReport backUp(Loam loam, int level) {
        return loam.backup(BackupOptions.into(at("backup")).level(level), Progress.NONE);
    }

    private void restore(Backups backups, String target, LoamOptions options) {
        backups.restore(Optional.empty(), at(target), options, Progress.NONE);
    }

    private Backups backups() {
        return Backups.in(at("backup"));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(at("backup"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void nothingOfASealedStoreCanBeReadInItsBackup() throws IOException {
        try (Loam loam = Loam.open(at("store"), sealed(1))) {
            put(loam, "a");
            backUp(loam, 0);
        }
        for (Path file : files()) {
            String content = Files.readString(file, StandardCharsets.ISO_8859_1);
            assertThat(content).as("%s", file).doesNotContain("kumquat", "main", "pkcs8");
        }
        BackupInfo told = backups().generations().getFirst();
        assertThat(told.encrypted()).isTrue();
        assertThat(told.records()).isEqualTo(1);
    }

    @Test
    void itIsRestoredUnderOtherKeysByASecretOfTheStore() throws IOException {
        String digest;
        try (Loam loam = Loam.open(at("store"), sealed(1))) {
            put(loam, "a");
            backUp(loam, 6);
            put(loam, "b");
            loam.compact(CompactOptions.aggressive(), Progress.NONE);
            assertThat(backUp(loam, 6).generation().encrypted()).isTrue();
            digest = loam.digest();
        }
        assertThat(
                        files().stream()
                                .filter(file -> file.startsWith(at("backup").resolve("sealing"))))
                .hasSize(1);
        restore(backups(), "same", sealed(1));
        restore(backups().openedBy(by(1)), "other", sealed(2));
        try (Loam restored = Loam.open(at("other"), sealed(2))) {
            assertThat(restored.digest()).isEqualTo(digest);
            assertThat(text(restored.vault("main"), "b")).contains(MARKER + " b");
            put(restored, "c");
        }
        assertCode(ErrorCode.WRONG_KEY, () -> Loam.open(at("other"), sealed(1)).close());
    }

    @Test
    void withoutItsSecretItIsNotRestoredAndNothingIsLeft() {
        try (Loam loam = Loam.open(at("store"), sealed(1))) {
            put(loam, "a");
            backUp(loam, 6);
        }
        assertCode(
                ErrorCode.KEY_MISSING, () -> restore(backups(), "new", LoamOptions.unencrypted()));
        assertCode(
                ErrorCode.KEY_MISSING,
                () -> restore(backups().openedBy(by(1)), "new", LoamOptions.unencrypted()));
        assertCode(ErrorCode.WRONG_KEY, () -> restore(backups(), "new", sealed(2)));
        assertThat(at("new")).doesNotExist();
        assertThat(at("new.restoring")).doesNotExist();
    }

    @Test
    void itsFilesAreComparedWithoutAKeyAndItsContentWithOne() throws IOException {
        try (Loam loam = Loam.open(at("store"), sealed(1))) {
            put(loam, "a");
            backUp(loam, 6);
        }
        for (BackupScope scope : List.of(new BackupScope.Quick(), new BackupScope.Full())) {
            assertThat(backups().verify(scope, LoamOptions.unencrypted(), Progress.NONE).damage())
                    .isEmpty();
        }
        for (BackupScope scope : List.of(new BackupScope.Full(), new BackupScope.Drill())) {
            assertThat(backups().verify(scope, sealed(1), Progress.NONE).damage()).isEmpty();
        }
    }

    @Test
    void anotherMasterKeyMeansAnotherHeaderAndBothAreOpenedByTheSecret() throws IOException {
        String digest;
        try (Loam loam = Loam.open(at("store"), sealed(1))) {
            put(loam, "a");
            backUp(loam, 6);
            loam.keys().rotate();
            put(loam, "b");
            assertThat(backUp(loam, 6).unitsKept()).isEqualTo(1);
            digest = loam.digest();
        }
        assertThat(
                        files().stream()
                                .filter(file -> file.startsWith(at("backup").resolve("sealing"))))
                .hasSize(2);
        restore(backups(), "restored", sealed(1));
        try (Loam restored = Loam.open(at("restored"), sealed(1))) {
            assertThat(restored.digest()).isEqualTo(digest);
        }
    }

    @Test
    void aBackupThatIsNotSealedMayBecomeASealedStore() {
        try (Loam loam = Loam.open(at("store"), LoamOptions.unencrypted())) {
            put(loam, "a");
            backUp(loam, 6);
        }
        restore(backups(), "restored", sealed(3));
        try (Loam restored = Loam.open(at("restored"), sealed(3))) {
            assertThat(text(restored.vault("main"), "a")).contains(MARKER + " a");
        }
    }
}

package dev.loam;

import static dev.loam.TestStores.assertCode;
import static dev.loam.TestStores.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.Suite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever happens to a backup: it is told by name, or it changes nothing. What is restored is what
 * was backed up, or nothing is.
 */
class BackupDamageTest {
    private static final BackupScope FULL = new BackupScope.Full();

    @TempDir Path directory;
    private Path backup;
    private String digest = "";

    @BeforeEach
    void backUp() {
        backup = directory.resolve("backup");
        digest = backUp("store", backup);
    }

    private static Encryption encryption() {
        return Encryption.by(KeySource.direct(new byte[Suite.KEY_BYTES])).allowDirectKey();
    }

    private String backUp(String store, Path to) {
        return backUp(store, to, LoamOptions.unencrypted());
    }

    private String backUp(String store, Path to, LoamOptions options) {
        try (Loam loam = Loam.open(directory.resolve(store), options)) {
            loam.vault("main").put(Memory.of("first").key("a"));
            loam.backup(BackupOptions.into(to), Progress.NONE);
            loam.vault("main").put(Memory.of("second").key("b"));
            loam.backup(BackupOptions.into(to), Progress.NONE);
            return loam.digest();
        }
    }

    private List<Path> files(String within) throws IOException {
        try (Stream<Path> files = Files.walk(backup.resolve(within))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** What reads everything of a backup but for building the store. */
    private List<String> damage(LoamOptions options) {
        try {
            return Backups.in(backup).verify(FULL, options, Progress.NONE).damage();
        } catch (LoamException told) {
            assertThat(told.code())
                    .isIn(
                            ErrorCode.CORRUPT,
                            ErrorCode.TAMPERED,
                            ErrorCode.FORMAT_VERSION,
                            ErrorCode.KEY_WEAK,
                            ErrorCode.LIMIT_EXCEEDED,
                            ErrorCode.NOT_FOUND);
            return List.of(told.getMessage());
        }
    }

    private void change(Path file, UnaryOperator<byte[]> edit) throws IOException {
        Files.write(file, edit.apply(Files.readAllBytes(file)));
    }

    /** Each byte of each file that counts, in turn: all its bits turned, and the lowest. */
    private void everyByteTurnedIsTold(LoamOptions options) throws IOException {
        for (Path file : files("")) {
            byte[] sound = Files.readAllBytes(file);
            boolean counts = !file.toString().endsWith(".sha256");
            for (int at = 0; at < sound.length; at++) {
                byte[] turned = sound.clone();
                turned[at] ^= (byte) (at % 2 == 0 ? 0xff : 1);
                Files.write(file, turned);
                assertThat(damage(options).isEmpty())
                        .as("byte %d of %s", at, file)
                        .isEqualTo(!counts);
            }
            Files.write(file, sound);
        }
        assertThat(damage(options)).isEmpty();
    }

    @Test
    void everyByteTurnedIsTold() throws IOException {
        everyByteTurnedIsTold(LoamOptions.unencrypted());
    }

    @Test
    void everyByteOfASealedBackupTurnedIsTold() throws IOException {
        backup = directory.resolve("sealed");
        LoamOptions options = LoamOptions.unencrypted().encryption(encryption());
        backUp("other", backup, options);
        everyByteTurnedIsTold(options);
    }

    @Test
    void everyCutIsTold() throws IOException {
        for (Path file : files("")) {
            byte[] sound = Files.readAllBytes(file);
            if (file.endsWith("LOCK") || file.toString().endsWith(".sha256")) {
                continue;
            }
            for (int length = 0; length < sound.length; length++) {
                int kept = length;
                change(file, content -> java.util.Arrays.copyOf(sound, kept));
                assertThat(damage(LoamOptions.unencrypted()))
                        .as("%s cut to %d", file, length)
                        .isNotEmpty();
            }
            change(file, content -> java.util.Arrays.copyOf(sound, sound.length + 1));
            assertThat(damage(LoamOptions.unencrypted())).as("%s longer", file).isNotEmpty();
            Files.write(file, sound);
        }
    }

    @Test
    void whatIsDamagedIsNotRestoredAndNothingIsLeft() throws IOException {
        for (Path file : files("units")) {
            byte[] sound = Files.readAllBytes(file);
            for (int at = 0; at < sound.length; at += 97) {
                byte[] turned = sound.clone();
                turned[at] ^= 1;
                Files.write(file, turned);
                Path target = directory.resolve("restored");
                try {
                    restore(target);
                    // The other generation's own files are no part of the latest.
                    assertThat(TestStores.<String>ask(target, Loam::digest)).isEqualTo(digest);
                    IndexBuild.deleteTree(target);
                } catch (LoamException told) {
                    assertThat(told.code()).isIn(ErrorCode.CORRUPT, ErrorCode.FORMAT_VERSION);
                    assertThat(target).doesNotExist();
                }
                assertThat(directory.resolve("restored.restoring")).doesNotExist();
            }
            Files.write(file, sound);
        }
    }

    private void restore(Path target) {
        Backups.in(backup)
                .restore(Optional.empty(), target, LoamOptions.unencrypted(), Progress.NONE);
    }

    @Test
    void aMissingUnitIsToldAndTheNextBackupWritesItAgain() throws IOException {
        Path unit = files("units").getFirst();
        Files.delete(unit);
        assertThat(damage(LoamOptions.unencrypted())).isNotEmpty();
        assertCode(ErrorCode.CORRUPT, () -> restore(directory.resolve("restored")));
        try (Loam loam = open(directory.resolve("store"))) {
            loam.backup(BackupOptions.into(backup), Progress.NONE);
        }
        assertThat(unit).exists();
        assertThat(damage(LoamOptions.unencrypted())).isEmpty();
    }

    @Test
    void aUnitOfAnotherStoreIsToldEvenUnderTheRightName() throws IOException {
        Path other = directory.resolve("backup-of-other");
        backUp("other", other);
        Path unit = files("units").getFirst();
        Path foreign;
        try (Stream<Path> units = Files.list(other.resolve("units"))) {
            foreign =
                    units.filter(each -> each.getFileName().toString().startsWith("1-"))
                            .findFirst()
                            .orElseThrow();
        }
        Files.copy(foreign, unit, StandardCopyOption.REPLACE_EXISTING);
        assertThat(damage(LoamOptions.unencrypted())).isNotEmpty();
    }

    @Test
    void aUnitUnderTheNameOfAnotherIsTold() throws IOException {
        List<Path> units = files("units");
        byte[] first = Files.readAllBytes(units.getFirst());
        Files.write(units.getFirst(), Files.readAllBytes(units.get(1)));
        Files.write(units.get(1), first);
        assertThat(damage(LoamOptions.unencrypted())).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void aManifestUnderTheNumberOfAnotherGenerationIsTold() throws IOException {
        List<Path> manifests =
                files("generations").stream()
                        .filter(file -> file.toString().endsWith(".manifest"))
                        .toList();
        Files.copy(manifests.get(0), manifests.get(1), StandardCopyOption.REPLACE_EXISTING);
        assertThat(damage(LoamOptions.unencrypted())).singleElement().asString().contains("000002");
        assertCode(ErrorCode.CORRUPT, () -> restore(directory.resolve("restored")));
        assertCode(ErrorCode.CORRUPT, () -> Backups.in(backup).prune(1));
    }

    @Test
    void aDamagedLogIsNotBackedUpAndEarlierGenerationsStay() throws IOException {
        Path log = directory.resolve("store").resolve("log");
        try (Stream<Path> files = Files.walk(log)) {
            Path frames =
                    files.filter(file -> file.toString().endsWith(".cq4"))
                            .findFirst()
                            .orElseThrow();
            change(
                    frames,
                    content -> {
                        for (int i = 0; i + 5 < content.length; i++) {
                            if (new String(
                                            content,
                                            i,
                                            5,
                                            java.nio.charset.StandardCharsets.US_ASCII)
                                    .equals("first")) {
                                content[i] ^= 1;
                            }
                        }
                        return content;
                    });
        }
        Path fresh = directory.resolve("fresh");
        try (Loam loam = open(directory.resolve("store"))) {
            assertCode(
                    ErrorCode.CORRUPT, () -> loam.backup(BackupOptions.into(fresh), Progress.NONE));
        }
        assertCode(ErrorCode.NOT_FOUND, () -> Backups.in(fresh).generations());
        assertThat(damage(LoamOptions.unencrypted())).isEmpty();
    }
}

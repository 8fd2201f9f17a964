package dev.loam.crypto;

import static dev.loam.crypto.Secrets.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyOnDiskTest {
    @TempDir Path directory;
    private final Secret key = Secret.random(new SecureRandom(), 32);
    private Path file = Path.of("");

    @BeforeEach
    void write() throws IOException {
        mode(directory, "rwx------");
        file = directory.resolve("key");
        try (Secret text = KeyText.encode(key)) {
            Files.writeString(
                    file, text.with(bytes -> new String(bytes, StandardCharsets.US_ASCII)) + "\n");
        }
        mode(file, "rw-------");
    }

    private static void mode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private void assertRefused(ErrorCode code, Path path, String told) {
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(() -> KeyOnDisk.read(path))
                .withMessageContaining(told)
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(code));
    }

    @Test
    void itsOwnersAloneItIsRead() throws IOException {
        for (String mode : new String[] {"rw-------", "r--------"}) {
            mode(file, mode);
            try (SlotSecret read = KeyOnDisk.read(file)) {
                assertThat(read.source()).isEqualTo(SlotSecret.Source.KEY_FILE);
                assertThat(hex(((SlotSecret.Key) read).key())).isEqualTo(hex(key));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw------x"})
    void openToOthersItIsRefusedWithWhatToRun(String mode) throws IOException {
        mode(file, mode);
        assertRefused(ErrorCode.PERMISSIONS, file, "chmod 600 " + file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxr-xr-x", "rwx-w----", "rwx--x---"})
    void inADirectoryThatIsOpenToOthersItIsRefused(String mode) throws IOException {
        mode(directory, mode);
        assertRefused(ErrorCode.PERMISSIONS, file, "chmod 700 " + directory);
    }

    private static void own(Path path, int user, int group) throws IOException {
        Files.setAttribute(path, "unix:uid", user);
        Files.setAttribute(path, "unix:gid", group);
    }

    private static void assumeRoot() {
        Assumptions.assumeTrue(
                System.getProperty("user.name").equals("root"), "only root gives files away");
    }

    @Test
    void aFileOrADirectoryOfAnotherIsRefused() throws IOException {
        assumeRoot();
        own(file, 4_242, 0);
        assertRefused(ErrorCode.PERMISSIONS, file, file + " belongs to 4242");
        own(file, 0, 0);
        own(directory, 4_242, 0);
        assertRefused(ErrorCode.PERMISSIONS, file, directory + " belongs to 4242");
    }

    @Test
    void aServiceManagersCredentialIsRead() throws IOException {
        assumeRoot();
        mode(file, "r--r-----");
        mode(directory, "r-xr-x---");
        try (SlotSecret read = KeyOnDisk.read(file)) {
            assertThat(hex(((SlotSecret.Key) read).key())).isEqualTo(hex(key));
        }
        own(file, 0, 4_242);
        assertRefused(ErrorCode.PERMISSIONS, file, "chmod 600 " + file);
        own(file, 0, 0);
        own(directory, 0, 4_242);
        assertRefused(ErrorCode.PERMISSIONS, file, "chmod 700 " + directory);
    }

    @Test
    void aLinkAndADirectoryAreRefused() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        assertRefused(ErrorCode.PERMISSIONS, link, "is a link or no file");
        assertRefused(ErrorCode.PERMISSIONS, directory, "is a link or no file");
    }

    @Test
    void whereThereIsNoneNothingIsMade() {
        Path absent = directory.resolve("absent");
        assertRefused(ErrorCode.KEY_SOURCE, absent, "there is no key file");
        assertThat(absent).doesNotExist();
    }

    @Test
    void whatHoldsNoKeyIsNamedAndNotQuoted() throws IOException {
        Files.writeString(file, "a passphrase");
        assertRefused(ErrorCode.KEY_MALFORMED, file, "loamkey1-");
        Files.writeString(file, "loamkey1-" + "A".repeat(1 << 20));
        assertRefused(ErrorCode.KEY_MALFORMED, file, "57 characters");
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(() -> KeyOnDisk.read(file))
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("AAAA"));
    }

    private void assertNotMade(ErrorCode code, Path path, String told) {
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(() -> KeyOnDisk.create(path, key))
                .withMessageContaining(told)
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(code));
    }

    private static String modeOf(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void whatIsMadeIsItsOwnersAloneAndIsReadAgain() throws IOException {
        Path made = directory.resolve("new/deep/key");
        KeyOnDisk.create(made, key);
        assertThat(modeOf(made)).isEqualTo("rw-------");
        assertThat(modeOf(directory.resolve("new/deep"))).isEqualTo("rwx------");
        assertThat(modeOf(directory.resolve("new"))).isEqualTo("rwx------");
        assertThat(Files.readString(made)).matches("loamkey1-[A-Za-z0-9_-]{48}\n");
        try (SlotSecret read = KeyOnDisk.read(made)) {
            assertThat(hex(((SlotSecret.Key) read).key())).isEqualTo(hex(key));
        }
    }

    @Test
    void whatIsThereStays() throws IOException {
        String before = Files.readString(file);
        assertNotMade(ErrorCode.EXISTS, file, file.toString());
        assertThat(Files.readString(file)).isEqualTo(before);
        Path dangling = Files.createSymbolicLink(directory.resolve("link"), Path.of("nowhere"));
        assertNotMade(ErrorCode.EXISTS, dangling, dangling.toString());
        assertThat(directory.resolve("nowhere")).doesNotExist();
    }

    @Test
    void noneIsMadeWhereOthersMayCome() throws IOException {
        mode(directory, "rwxr-x---");
        Path made = directory.resolve("made");
        assertNotMade(ErrorCode.PERMISSIONS, made, "chmod 700 " + directory);
        assertThat(made).doesNotExist();
    }

    @Test
    void noneIsMadeBelowAFile() {
        assertNotMade(ErrorCode.IO_FAILED, file.resolve("made"), file.toString());
        assertNotMade(ErrorCode.INVALID_ARGUMENT, Path.of("/"), "cannot be a key file");
    }
}

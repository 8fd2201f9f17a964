package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedCommandsTest {
    @TempDir Path directory;
    private Path home;
    private String key;

    @BeforeEach
    void makeHome() throws IOException {
        home =
                Files.createDirectory(
                        directory.resolve("home"),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
        key = home.resolve("key").toString();
    }

    private Run init(String... more) {
        return run("init --encrypt --make-key-file " + key, more);
    }

    private Run run(String command, String... more) {
        String[] words = command.split(" ");
        String[] all = new String[words.length + more.length];
        System.arraycopy(words, 0, all, 0, words.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return Run.of(home, all);
    }

    private Run withKey(String command, String... more) {
        return run(command + " --key-file " + key, more);
    }

    @Test
    void anEncryptedStoreIsUsedWithItsKeyAndNotWithout() {
        Run made = init();
        assertThat(made.code()).as(made.err()).isZero();
        assertThat(made.out().lines().toList().getLast())
                .matches("([0-9A-HJKMNP-TV-Z]{6}-){5}[0-9A-HJKMNP-TV-Z]{6}");

        assertThat(withKey("remember", "tea is green").code()).isZero();
        assertThat(withKey("recall tea").out()).contains("tea is green");

        Run locked = run("recall tea");
        assertThat(locked.code()).isEqualTo(1);
        assertThat(locked.err()).contains("KEY_MISSING", "--key-file", "LOAM_KEY_FILE");
        assertThat(locked.out()).isEmpty();
    }

    @Test
    void anEncryptedStoreIsNotMadeWithoutSomethingToOpenItBy() {
        Run refused = run("init --encrypt");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("--make-key-file", "--new-passphrase-fd");
        assertThat(home.resolve(".loam")).doesNotExist();
    }

    @Test
    void aKeyThatWasGivenNeverMakesAStoreThatAnybodyCanRead() {
        for (String given : new String[] {"--make-key-file", "--use-key-file", "--key-file"}) {
            Run refused = run("init " + given + " " + key);
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).contains("INVALID_ARGUMENT", "--encrypt");
        }
        assertThat(run("init --encrypt --key-file " + key).err()).contains("--use-key-file");
        assertThat(home.resolve(".loam")).doesNotExist();
        assertThat(Path.of(key)).doesNotExist();
    }

    @Test
    void initMakesAStoreOnlyWhereNothingIs() {
        assertThat(run("init").code()).isZero();
        Run again = init();
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("EXISTS");
        assertThat(Path.of(key)).as("no key is made for nothing").doesNotExist();
    }

    /** Who mistypes a key must neither find the place taken nor a store in clear made there. */
    @Test
    void aStoreThatCouldNotBeMadeIsMadeByTheNextTry() throws IOException {
        Run refused = run("init --encrypt --use-key-file " + key);
        assertThat(refused.err()).contains("KEY_SOURCE");
        assertThat(run("status").err()).contains("NOT_FOUND");

        assertThat(init().code()).isZero();
        assertThat(withKey("key verify").code()).isZero();
    }

    @Test
    void anEmptyDirectoryTakesAStoreAndOneWithOtherThingsDoesNot() throws IOException {
        Path taken = Files.createDirectory(home.resolve("taken"));
        Files.createFile(taken.resolve("letter"));
        assertThat(run("init --store " + taken).err()).contains("EXISTS");
        assertThat(run("init --store " + taken.resolve("letter")).err()).contains("EXISTS");

        Path empty = Files.createDirectory(home.resolve("empty"));
        assertThat(run("init --store " + empty).code()).isZero();
    }

    @Test
    void slotsAreListedWithoutAKeyAndRemovedWithOne() {
        init();
        assertThat(run("key list").out()).contains("1  key file").contains("2  recovery code");
        assertThat(withKey("key remove 2").code()).isZero();
        assertThat(run("key list --json").elements("slots")).hasSize(1);
        Run last = withKey("key remove 1");
        assertThat(last.code()).isEqualTo(1);
        assertThat(last.err()).contains("FORBIDDEN", "the last");
        assertThat(withKey("key remove 9").code()).isEqualTo(4);
    }

    @Test
    void noKeyFileIsMadeForAStoreThatDoesNotOpen() {
        init();
        String other = home.resolve("other").toString();
        Run refused = run("key add --make-key-file " + other);
        assertThat(refused.err()).contains("KEY_MISSING");
        assertThat(Path.of(other)).doesNotExist();
        assertThat(withKey("key add --make-key-file " + other).code()).isZero();
    }

    @Test
    void theMasterKeyIsChangedAndTheLogIsSealedAnew() {
        init();
        withKey("remember", "tea is green");
        assertThat(withKey("key rotate").out()).contains("master key 2", "earlier ones: 1");
        assertThat(withKey("key status").out()).contains("earlier    segments");
        assertThat(withKey("key rotate --reseal").out()).contains("master key 3", "ones: 0");
        assertThat(withKey("key verify").code()).isZero();
        assertThat(withKey("recall tea").out()).contains("tea is green");
    }

    @Test
    void whatAKeyCommandIsAskedOfAStoreThatIsNotEncryptedItRefuses() {
        run("init");
        for (String command : new String[] {"list", "verify", "status"}) {
            Run refused = run("key " + command);
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).contains("NOT_ENCRYPTED");
        }
        assertThat(withKey("status").code()).isEqualTo(1);
    }

    @Test
    void whatItHoldsIsWrittenInClearOnlyWhereThatWasSaid() {
        init();
        withKey("remember", "tea is green");
        Path lines = directory.resolve("lines");
        Run refused = withKey("replay --output " + lines);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("--plaintext");
        assertThat(lines).doesNotExist();
        assertThat(withKey("replay --plaintext --output " + lines).code()).isZero();
        assertThat(lines).content().contains("tea is green");
    }

    @Test
    void anExportOfAnEncryptedStoreIsOpenedByWhateverOpensTheStore() throws IOException {
        init();
        withKey("remember", "tea is green");
        Path sealed = directory.resolve("sealed");
        Path plain = directory.resolve("plain");
        assertThat(withKey("export --output " + sealed).code()).isZero();
        assertThat(Files.readString(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("green");
        assertThat(withKey("export --plaintext --output " + plain).code()).isZero();
        assertThat(plain).content().contains("tea is green");

        Path other = Files.createDirectory(directory.resolve("other"));
        Run locked = Run.of(other, "import", "--no-model", sealed.toString());
        assertThat(locked.err()).contains("KEY_MISSING", "--file-key-file");
        Run opened =
                Run.of(other, "import", "--no-model", "--file-key-file", key, sealed.toString());
        assertThat(opened.code()).as(opened.err()).isZero();
        assertThat(Run.of(other, "recall", "--no-model", "tea").out()).contains("tea is green");
    }
}

package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loam.GivenSecret;
import dev.loam.KeySource;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class NewKeyOptionsTest {
    /** As a command that opens a store by one key and gives it another. */
    @Command(name = "making")
    private static final class Making {
        @Mixin private final KeyOptions present = new KeyOptions();
        @Mixin private final NewKeyOptions keys = new NewKeyOptions();
    }

    @TempDir Path directory;
    private final TypedSecrets secrets = new TypedSecrets();

    private static Making parsed(String... arguments) {
        Making making = new Making();
        new CommandLine(making).parseArgs(arguments);
        return making;
    }

    private Surroundings surroundings() {
        return new Surroundings(
                Map.of("LOAM_KEY_FILE", "present"),
                directory,
                InputStream.nullInputStream(),
                System.out,
                System.err,
                secrets,
                false,
                80);
    }

    private KeySource chosen(String... arguments) {
        return parsed(arguments).keys.keySource(surroundings()).orElseThrow();
    }

    private void assertRefused(ErrorCode code, String told, String... arguments) {
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(() -> chosen(arguments))
                .withMessageContaining(told)
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(code));
    }

    private void assertOverwritten() {
        assertThat(secrets.lent()).allSatisfy(typed -> assertThat(typed).containsOnly('\0'));
    }

    @Test
    void aNewPassphraseIsAskedForTwice() {
        secrets.terminal("correct horse", "correct horse");
        assertThat(GivenSecret.of(chosen("--new-passphrase"))).isEqualTo("correct horse");
        assertThat(secrets.questions).containsExactly("New passphrase: ", "The same again: ");
        assertOverwritten();
    }

    @Test
    void aSlipOfAFingerMakesNothing() {
        secrets.terminal("correct horse", "correct hoarse");
        assertRefused(ErrorCode.INVALID_ARGUMENT, "not the same", "--new-passphrase");
        assertOverwritten();
    }

    @Test
    void whoStopsAfterTheFirstTimeMakesNothing() {
        secrets.terminal("correct horse");
        assertRefused(ErrorCode.KEY_SOURCE, "nothing was typed", "--new-passphrase");
        assertOverwritten();
    }

    @Test
    void withoutATerminalTheDescriptorIsNamedAndWorks() {
        assertRefused(ErrorCode.KEY_SOURCE, "--new-passphrase-fd", "--new-passphrase");
        secrets.descriptor(5, "correct horse\r\n");
        assertThat(GivenSecret.of(chosen("--new-passphrase-fd", "5"))).isEqualTo("correct horse");
    }

    @Test
    void aKeyFileIsMadeForItsOwnerAlone() throws Exception {
        Path file = directory.resolve("made/key");
        KeySource made = chosen("--make-key-file", file.toString());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        String key = GivenSecret.of(made);
        assertThat(key).hasSize(64);
        assertRefused(ErrorCode.EXISTS, file.toString(), "--make-key-file", file.toString());
        assertThat(GivenSecret.of(chosen("--use-key-file", file.toString()))).isEqualTo(key);
        Path second = directory.resolve("made/second");
        assertThat(GivenSecret.of(chosen("--make-key-file", second.toString()))).isNotEqualTo(key);
    }

    @Test
    void theKeychainsItemIsMadeLater() {
        assertThat(chosen("--make-keychain-item")).hasToString("keychain");
    }

    @Test
    void theEnvironmentIsTheNewKeyOfANewStoreOnly() {
        assertThat(parsed().keys.keySource(surroundings())).isEmpty();
        assertThat(parsed().keys.keySourceOrEnvironment(surroundings()))
                .hasValueSatisfying(source -> assertThat(source).hasToString("key file"));
        assertThat(parsed("--make-keychain-item").keys.keySourceOrEnvironment(surroundings()))
                .hasValueSatisfying(source -> assertThat(source).hasToString("keychain"));
        assertThat(parsed("--make-keychain-item=false").keys.keySource(surroundings())).isEmpty();
    }

    @Test
    void oneKeyOpensAndAnotherIsMade() {
        secrets.descriptor(3, "old one").descriptor(4, "new passphrase");
        Making making = parsed("--passphrase-fd=3", "--new-passphrase-fd=4");
        assertThat(GivenSecret.of(making.present.given(surroundings()).orElseThrow()))
                .isEqualTo("old one");
        assertThat(GivenSecret.of(making.keys.keySource(surroundings()).orElseThrow()))
                .isEqualTo("new passphrase");
    }

    @Test
    void twoAreOneTooMany() {
        List<String> all =
                List.of(
                        "--new-passphrase",
                        "--new-passphrase-fd=3",
                        "--make-key-file=a",
                        "--use-key-file=b",
                        "--make-keychain-item");
        for (String one : all) {
            for (String other : all) {
                assertThatExceptionOfType(ParameterException.class)
                        .as(one + " " + other)
                        .isThrownBy(() -> parsed(one, other));
            }
        }
    }
}

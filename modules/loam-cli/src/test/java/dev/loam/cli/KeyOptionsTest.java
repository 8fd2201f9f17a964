package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loam.GivenSecret;
import dev.loam.KeySource;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import dev.loam.crypto.KeyFile;
import dev.loam.crypto.KeyOnDisk;
import dev.loam.crypto.KeyText;
import dev.loam.crypto.MasterKey;
import dev.loam.crypto.PassphraseCost;
import dev.loam.crypto.RecoveryCode;
import dev.loam.crypto.Secret;
import dev.loam.crypto.SlotSecret;
import dev.loam.crypto.Suite;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class KeyOptionsTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @Command(name = "opening")
    private static final class Opening {
        @Mixin private final KeyOptions keys = new KeyOptions();
    }

    @TempDir Path directory;
    private final TypedSecrets secrets = new TypedSecrets();

    private static KeyOptions parsed(String... arguments) {
        Opening opening = new Opening();
        new CommandLine(opening).parseArgs(arguments);
        return opening.keys;
    }

    private Surroundings surroundings(Map<String, String> environment) {
        return new Surroundings(
                environment,
                directory,
                InputStream.nullInputStream(),
                System.out,
                System.err,
                secrets,
                false,
                80);
    }

    private Optional<KeySource> given(Map<String, String> environment, String... arguments) {
        return parsed(arguments).given(surroundings(environment));
    }

    private String secret(String... arguments) {
        try (KeySource source = given(Map.of(), arguments).orElseThrow()) {
            return GivenSecret.of(source);
        }
    }

    private void assertRefused(ErrorCode code, String told, String... arguments) {
        KeyOptions options = parsed(arguments);
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(() -> options.given(surroundings(Map.of())))
                .withMessageContaining(told)
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(code));
    }

    private static KeyFile fileWith(SlotSecret secret) {
        StoreId store = new StoreId(Bytes.adopt(new byte[StoreId.SIZE]));
        try (secret;
                MasterKey master =
                        MasterKey.create(
                                store, Suite.AES_256_GCM, secret, "a", Instant.EPOCH, RANDOM)) {
            return master.file();
        }
    }

    private static KeyFile fileWithPassphrase() {
        return fileWith(
                new SlotSecret.Passphrase(Secret.take(new byte[] {'x'}), PassphraseCost.FLOOR));
    }

    private static KeyFile fileWith(SlotSecret.Source source) {
        return fileWith(new SlotSecret.Key(source, Secret.random(RANDOM, 32)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "correct horse",
                "correct horse\n",
                "correct horse\r\n",
                "correct horse\nstaple\n"
            })
    void aDescriptorsFirstLineIsThePassphrase(String content) {
        secrets.descriptor(3, content);
        assertThat(secret("--passphrase-fd", "3")).isEqualTo("correct horse");
    }

    @Test
    void aPassphraseIsUtf8WhateverTheLocale() {
        secrets.descriptor(0, "cafe\u0301 \ud83d\ude00\n");
        assertThat(secret("--passphrase-fd", "0")).isEqualTo("caf\u00e9 \ud83d\ude00");
        secrets.descriptor(0, new byte[] {'c', 'a', 'f', (byte) 0xE9});
        assertRefused(ErrorCode.KEY_MALFORMED, "UTF-8", "--passphrase-fd", "0");
        secrets.descriptor(0, new byte[] {'c', 'a', 'f', (byte) 0xC3});
        assertRefused(ErrorCode.KEY_MALFORMED, "UTF-8", "--passphrase-fd", "0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n", "a\0b", "a\tb", "a\rb\n", "a\u001b[0m"})
    void whatIsNoPassphraseIsRefused(String content) {
        secrets.descriptor(3, content);
        assertRefused(ErrorCode.KEY_MALFORMED, "passphrase", "--passphrase-fd", "3");
    }

    @Test
    void aLineHasALimit() {
        secrets.descriptor(3, "x".repeat(1_024) + "\n");
        assertThat(secret("--passphrase-fd", "3")).hasSize(1_024);
        secrets.descriptor(3, "x".repeat(1_025) + "\n");
        assertRefused(ErrorCode.LIMIT_EXCEEDED, "1024", "--passphrase-fd", "3");
        secrets.descriptor(3, "x".repeat(SecretLine.BYTES_MAX) + "\n");
        assertRefused(ErrorCode.LIMIT_EXCEEDED, "1024", "--passphrase-fd", "3");
        secrets.descriptor(3, "x".repeat(SecretLine.BYTES_MAX + 1) + "\n");
        assertRefused(ErrorCode.LIMIT_EXCEEDED, "4096 bytes", "--passphrase-fd", "3");
    }

    @Test
    void whatStandsBehindTheLineIsLeftToTheCommand() throws Exception {
        secrets.descriptor(0, "correct horse\r\n{\"text\":\"x\"}\n");
        assertThat(secret("--passphrase-fd", "0")).isEqualTo("correct horse");
        assertThat(new String(secrets.descriptor(0).readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("{\"text\":\"x\"}\n");
    }

    @Test
    void aDescriptorThatIsNotOpenIsTold() {
        assertRefused(ErrorCode.KEY_SOURCE, "descriptor 7", "--passphrase-fd", "7");
        assertRefused(ErrorCode.KEY_SOURCE, "--recovery-code-fd", "--recovery-code-fd", "7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2", "1", "2", "-1", "1000000", "3x", "99999999999"})
    void whatIsNoDescriptorIsRefusedAndNotQuoted(String value) {
        for (String option : List.of("--passphrase-fd", "--recovery-code-fd")) {
            assertThatExceptionOfType(ParameterException.class)
                    .isThrownBy(() -> parsed(option + "=" + value))
                    .withMessageContaining("never an argument")
                    .withMessageContaining(option)
                    .satisfies(
                            refused ->
                                    assertThat(refused.getMessage())
                                            .doesNotContain("hunter2", "99999999999"));
        }
    }

    @Test
    void aPassphraseIsAskedForAndTheAnswerOverwritten() {
        secrets.terminal("correct horse");
        assertThat(secret("--ask-passphrase")).isEqualTo("correct horse");
        assertThat(secrets.questions).containsExactly("Passphrase: ");
        assertThat(secrets.lent()).allSatisfy(typed -> assertThat(typed).containsOnly('\0'));
    }

    @Test
    void whereNobodyCanBeAskedTheDescriptorIsNamed() {
        assertRefused(ErrorCode.KEY_SOURCE, "--passphrase-fd", "--ask-passphrase");
        assertRefused(ErrorCode.KEY_SOURCE, "--recovery-code-fd", "--ask-recovery-code");
        assertRefused(ErrorCode.KEY_SOURCE, "no terminal", "--ask-passphrase");
        assertThat(secrets.questions).isEmpty();
        secrets.terminal();
        assertRefused(ErrorCode.KEY_SOURCE, "nothing was typed", "--ask-passphrase");
    }

    @Test
    void aRecoveryCodeComesFromADescriptorOrTheTerminal() {
        try (Secret code = RecoveryCode.generate(RANDOM);
                Secret key = RecoveryCode.key(code)) {
            String text = code.with(bytes -> new String(bytes, StandardCharsets.US_ASCII));
            secrets.descriptor(4, text + "\r\n").terminal(text);
            assertThat(secret("--recovery-code-fd=4")).isEqualTo(GivenSecret.hex(key));
            assertThat(secret("--ask-recovery-code")).isEqualTo(GivenSecret.hex(key));
            assertThat(secrets.lent()).allSatisfy(typed -> assertThat(typed).containsOnly('\0'));
            secrets.descriptor(4, text.substring(1));
            assertRefused(ErrorCode.KEY_MALFORMED, "recovery code", "--recovery-code-fd=4");
        }
    }

    @Test
    void aKeyFileIsNamedByAnOptionOrByTheEnvironment() {
        Path file = directory.resolve("private/key");
        try (Secret key = Secret.random(RANDOM, 32)) {
            KeyOnDisk.create(file, key);
            assertThat(secret("--key-file", file.toString())).isEqualTo(GivenSecret.hex(key));
            KeySource named =
                    given(Map.of("LOAM_KEY_FILE", file.toString(), "LOAM_KEY", "")).orElseThrow();
            assertThat(GivenSecret.of(named)).isEqualTo(GivenSecret.hex(key));
        }
    }

    @Test
    void theEnvironmentsKeyIsAKeyAndNeverAPassphrase() {
        try (Secret key = Secret.random(RANDOM, 32);
                Secret text = KeyText.encode(key)) {
            String variable = text.with(bytes -> new String(bytes, StandardCharsets.US_ASCII));
            KeySource source = given(Map.of("LOAM_KEY", variable)).orElseThrow();
            assertThat(source).hasToString("environment");
            assertThat(GivenSecret.of(source)).isEqualTo(GivenSecret.hex(key));
        }
        KeySource other = given(Map.of("LOAM_KEY", "correct horse")).orElseThrow();
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(() -> GivenSecret.of(other))
                .withMessageContaining("LOAM_KEY")
                .satisfies(
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.KEY_MALFORMED));
    }

    @Test
    void anOptionCountsMoreThanTheEnvironment() {
        assertThat(given(Map.of("LOAM_KEY", "x", "LOAM_KEY_FILE", "y"), "--keychain").orElseThrow())
                .hasToString("keychain");
    }

    @Test
    void twoVariablesAreOneTooMany() {
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(() -> given(Map.of("LOAM_KEY", "x", "LOAM_KEY_FILE", "y")))
                .withMessageContaining("LOAM_KEY_FILE")
                .satisfies(
                        refused ->
                                assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void twoOptionsAreOneTooMany() {
        List<String> all =
                List.of(
                        "--key-file=a",
                        "--passphrase-fd=3",
                        "--ask-passphrase",
                        "--recovery-code-fd=4",
                        "--ask-recovery-code",
                        "--keychain");
        for (String one : all) {
            for (String other : all) {
                assertThatExceptionOfType(ParameterException.class)
                        .as(one + " " + other)
                        .isThrownBy(() -> parsed(one, other));
            }
        }
    }

    @Test
    void aSwitchThatIsOffGivesNothing() {
        assertThat(given(Map.of(), "--keychain=false")).isEmpty();
        assertThat(given(Map.of(), "--ask-passphrase=false")).isEmpty();
    }

    @Test
    void withoutAStoreNobodyIsAsked() {
        secrets.terminal("correct horse");
        assertThat(given(Map.of())).isEmpty();
        assertThat(secrets.questions).isEmpty();
    }

    @Test
    void forASlotOfAPassphraseSomebodyIsAskedIfThereIsATerminal() {
        KeyFile file = fileWithPassphrase();
        assertThat(parsed().keySource(file, surroundings(Map.of()))).isEmpty();
        secrets.terminal("correct horse");
        KeySource asked = parsed().keySource(file, surroundings(Map.of())).orElseThrow();
        assertThat(GivenSecret.of(asked)).isEqualTo("correct horse");
    }

    @Test
    void nobodyIsAskedForWhatIsGivenOrDoesNotHelp() {
        secrets.terminal("correct horse");
        KeyFile passphrase = fileWithPassphrase();
        assertThat(parsed().keySource(passphrase, surroundings(Map.of("LOAM_KEY", "x"))))
                .hasValueSatisfying(source -> assertThat(source).hasToString("environment"));
        assertThat(parsed("--key-file=a").keySource(passphrase, surroundings(Map.of())))
                .hasValueSatisfying(source -> assertThat(source).hasToString("key file"));
        KeyFile keyed = fileWith(SlotSecret.Source.KEY_FILE);
        assertThat(parsed().keySource(keyed, surroundings(Map.of()))).isEmpty();
        KeyFile chained = fileWith(SlotSecret.Source.KEYCHAIN);
        assertThat(parsed().keySource(chained, surroundings(Map.of())))
                .hasValueSatisfying(source -> assertThat(source).hasToString("keychain"));
        assertThat(secrets.questions).isEmpty();
    }
}

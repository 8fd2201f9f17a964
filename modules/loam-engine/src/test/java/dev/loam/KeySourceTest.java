package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import dev.loam.crypto.KeyOnDisk;
import dev.loam.crypto.KeyText;
import dev.loam.crypto.Keychain;
import dev.loam.crypto.KeychainTool;
import dev.loam.crypto.PassphraseCost;
import dev.loam.crypto.RecoveryCode;
import dev.loam.crypto.Secret;
import dev.loam.crypto.SlotSecret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeySourceTest {
    private static final StoreId STORE = new StoreId(Bytes.adopt(new byte[StoreId.SIZE]));

    /** Its clock stands still, so that no cost is chosen by this machine's speed. */
    private final Environment environment =
            new Environment(InstantSource.system(), new SecureRandom(), () -> 0, () -> 0);

    @TempDir Path directory;

    private static String hex(Secret secret) {
        return secret.with(bytes -> Bytes.copyOf(bytes).toHex());
    }

    private static String hex(SlotSecret secret) {
        try (secret) {
            return switch (secret) {
                case SlotSecret.Passphrase passphrase -> hex(passphrase.text());
                case SlotSecret.Key key -> key.source() + " " + hex(key.key());
            };
        }
    }

    private static void assertRefused(ErrorCode code, String told, Runnable call) {
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(call::run)
                .withMessageContaining(told)
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(code));
    }

    private static String keyText(Secret key) {
        try (Secret text = KeyText.encode(key)) {
            return text.with(bytes -> new String(bytes, StandardCharsets.US_ASCII));
        }
    }

    @Test
    void aPassphraseIsTakenOverAndGivenAsOftenAsItIsAskedFor() {
        char[] typed = "correct horse".toCharArray();
        try (KeySource source = KeySource.passphrase(typed, PassphraseCost.FLOOR)) {
            assertThat(typed).containsOnly('\0');
            String expected = Bytes.ofUtf8("correct horse").toHex();
            assertThat(hex(source.toOpen(STORE))).isEqualTo(expected);
            assertThat(hex(source.toOpen(STORE))).isEqualTo(expected);
            SlotSecret made = source.toMake(STORE, environment);
            assertThat(((SlotSecret.Passphrase) made).cost()).isEqualTo(PassphraseCost.FLOOR);
            assertThat(hex(made)).isEqualTo(expected);
        }
    }

    @Test
    void aSlotOfAPassphraseCostsAtLeastTheStandard() {
        try (KeySource source = KeySource.passphrase("correct horse".toCharArray());
                SlotSecret made = source.toMake(STORE, environment)) {
            assertThat(((SlotSecret.Passphrase) made).cost()).isEqualTo(PassphraseCost.STANDARD);
        }
    }

    @Test
    void aShortPassphraseOpensAndMakesNothing() {
        try (KeySource source = KeySource.passphrase("1234567".toCharArray())) {
            assertThat(hex(source.toOpen(STORE))).isEqualTo(Bytes.ofUtf8("1234567").toHex());
            assertRefused(
                    ErrorCode.KEY_WEAK, "fewer than 8", () -> source.toMake(STORE, environment));
        }
    }

    @Test
    void aClosedSourceGivesNothing() {
        KeySource passphrase = KeySource.passphrase("correct horse".toCharArray());
        KeySource direct = KeySource.direct(new byte[32]);
        for (KeySource source : List.of(passphrase, direct)) {
            source.close();
            source.close();
            assertRefused(ErrorCode.CLOSED, "wiped", () -> source.toOpen(STORE));
            assertRefused(ErrorCode.CLOSED, "wiped", () -> source.toMake(STORE, environment));
        }
    }

    @Test
    void aKeyFileIsReadEachTime() throws IOException {
        Path file = directory.resolve("keys/key");
        try (Secret key = Secret.random(new SecureRandom(), 32);
                KeySource source = KeySource.keyFile(file)) {
            assertRefused(ErrorCode.KEY_SOURCE, file.toString(), () -> source.toOpen(STORE));
            KeyOnDisk.create(file, key);
            assertThat(hex(source.toOpen(STORE))).isEqualTo("key file " + hex(key));
            assertThat(hex(source.toMake(STORE, environment))).isEqualTo("key file " + hex(key));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            assertRefused(ErrorCode.PERMISSIONS, "chmod 600", () -> source.toOpen(STORE));
        }
    }

    @Test
    void theEnvironmentHoldsAKeyAndNothingElse() {
        Map<String, String> variables = new HashMap<>();
        try (Secret key = Secret.random(new SecureRandom(), 32);
                KeySource source = KeySource.environment("NAME", variables)) {
            assertRefused(ErrorCode.KEY_SOURCE, "NAME", () -> source.toOpen(STORE));
            variables.put("NAME", "");
            assertRefused(ErrorCode.KEY_SOURCE, "NAME", () -> source.toOpen(STORE));
            String text = keyText(key);
            variables.put("NAME", text);
            assertThat(hex(source.toOpen(STORE))).isEqualTo("environment " + hex(key));
            variables.put("NAME", text + "\r\n");
            assertThat(hex(source.toMake(STORE, environment))).isEqualTo("environment " + hex(key));
            for (String other :
                    List.of(
                            "correct horse battery staple",
                            text.substring(1),
                            text.substring(0, text.length() - 1),
                            text + "x",
                            " " + text,
                            text.replace("loamkey1-", "\u016coamkey1-"),
                            "loamkey1-" + "\u00e9".repeat(48),
                            "x".repeat(100_000))) {
                variables.put("NAME", other);
                assertRefused(ErrorCode.KEY_MALFORMED, "NAME", () -> source.toOpen(STORE));
                assertThatExceptionOfType(LoamException.class)
                        .isThrownBy(() -> source.toOpen(STORE))
                        .satisfies(
                                refused -> assertThat(refused.getMessage()).doesNotContain(other));
            }
        }
    }

    @Test
    void aRecoveryCodeMayComeOutOfAWordProcessor() {
        try (Secret code = RecoveryCode.generate(new SecureRandom());
                Secret key = RecoveryCode.key(code)) {
            String printed = code.with(bytes -> new String(bytes, StandardCharsets.US_ASCII));
            for (String typed :
                    List.of(
                            printed,
                            printed.toLowerCase(Locale.ROOT),
                            printed.replace('-', ' '),
                            printed.replace('-', '\u2011'),
                            printed.replace('-', '\u2013'),
                            " " + printed.replace("-", "\u00a0-\u202f"))) {
                char[] taken = typed.toCharArray();
                try (KeySource source = KeySource.recoveryCode(taken)) {
                    assertThat(taken).containsOnly('\0');
                    assertThat(hex(source.toOpen(STORE))).isEqualTo("recovery code " + hex(key));
                    assertThat(hex(source.toMake(STORE, environment)))
                            .isEqualTo("recovery code " + hex(key));
                }
            }
            char[] mistyped = (printed.substring(0, printed.length() - 1) + "U").toCharArray();
            assertRefused(
                    ErrorCode.KEY_MALFORMED,
                    "recovery code",
                    () -> KeySource.recoveryCode(mistyped));
            assertThat(mistyped).containsOnly('\0');
        }
    }

    @Test
    void aDirectKeyHasThirtyTwoBytesAndIsTakenOver() {
        byte[] key = new byte[32];
        key[31] = 7;
        try (KeySource source = KeySource.direct(key)) {
            assertThat(key).containsOnly(0);
            assertThat(source.isDirect()).isTrue();
            assertThat(hex(source.toOpen(STORE))).isEqualTo("direct " + "00".repeat(31) + "07");
        }
        for (int size : new int[] {0, 31, 33}) {
            byte[] other = new byte[size];
            Arrays.fill(other, (byte) 1);
            assertRefused(ErrorCode.KEY_MALFORMED, "32 bytes", () -> KeySource.direct(other));
            assertThat(other).doesNotContain(1);
        }
    }

    @Test
    void onlyMakingPutsAnItemIntoTheKeychainAndItIsTakenOutWhereAsked() throws IOException {
        Path file = Files.createFile(directory.resolve("secret-tool"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        Map<String, byte[]> items = new HashMap<>();
        KeychainTool tool =
                (command, input) -> {
                    if (command.get(1).equals("store")) {
                        items.put(command.getLast(), input.with(byte[]::clone));
                    }
                    if (command.get(1).equals("clear")) {
                        items.remove(command.getLast());
                    }
                    byte[] known = items.getOrDefault(command.getLast(), new byte[0]);
                    return new KeychainTool.Answer.Ended(
                            known.length == 0 ? 1 : 0, Secret.take(known.clone()));
                };
        Keychain keychain = Keychain.find("Linux", List.of(directory), tool);
        KeySource source = KeySource.keychain(() -> keychain, Optional.empty());
        assertRefused(ErrorCode.KEY_SOURCE, "locked", () -> source.toOpen(STORE));
        assertThat(items).isEmpty();
        String made = hex(source.toMake(STORE, environment));
        assertThat(items).containsOnlyKeys(STORE.toString());
        assertThat(hex(source.toOpen(STORE))).isEqualTo(made).startsWith("keychain ");
        assertRefused(ErrorCode.EXISTS, STORE.toString(), () -> source.toMake(STORE, environment));

        KeySource named = KeySource.keychain(() -> keychain, Optional.of("home"));
        named.toMake(STORE, environment).close();
        assertThat(items).containsKey("home");

        source.removeItem(STORE);
        assertThat(items).containsOnlyKeys("home");
        assertRefused(ErrorCode.KEY_SOURCE, "locked", () -> source.removeItem(STORE));
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                "key file",
                () -> KeySource.keyFile(file).removeItem(STORE));
    }

    @Test
    void itPrintsItsKindOnly() {
        Map<KeySource, String> printed =
                Map.of(
                        KeySource.passphrase("correct horse".toCharArray()), "passphrase",
                        KeySource.keyFile(Path.of("/secret/place")), "key file",
                        KeySource.environment(), "environment",
                        KeySource.keychain("home"), "keychain",
                        KeySource.direct(new byte[32]), "direct");
        printed.forEach((source, kind) -> assertThat(source).hasToString(kind));
        printed.keySet().forEach(KeySource::close);
    }

    @Test
    void theEnvironmentAndADirectKeyAreWarnedOf() {
        assertThat(KeySource.environment("NAME").warning().orElse("")).contains("NAME");
        assertThat(KeySource.direct(new byte[32]).warning()).isPresent();
        assertThat(KeySource.keyFile(directory).warning()).isEmpty();
        assertThat(KeySource.keychain().warning()).isEmpty();
        assertThat(KeySource.passphrase("x".toCharArray()).warning()).isEmpty();
        assertThat(KeySource.keyFile(directory).isDirect()).isFalse();
    }
}

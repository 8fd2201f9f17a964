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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeychainTest {
    /** A Secret Service in memory, as {@code secret-tool} shows it. */
    private static final class MemoryTool implements KeychainTool {
        final List<List<String>> commands = new ArrayList<>();
        final Map<String, byte[]> items = new HashMap<>();
        boolean isLocked;
        boolean isForgetful;

        @Override
        public Answer run(List<String> command, Secret input) {
            commands.add(command);
            String account = command.getLast();
            return switch (command.get(1)) {
                case "lookup" ->
                        isLocked || !items.containsKey(account)
                                ? ended(1, new byte[0])
                                : ended(0, items.get(account).clone());
                case "store" -> {
                    if (!isForgetful) {
                        items.put(account, input.with(byte[]::clone));
                    }
                    yield ended(0, new byte[0]);
                }
                case "clear" -> {
                    if (!isLocked) {
                        items.remove(account);
                    }
                    yield ended(0, new byte[0]);
                }
                default -> throw new AssertionError(command.get(1));
            };
        }

        private static Answer ended(int exitCode, byte[] output) {
            return new Answer.Ended(exitCode, Secret.take(output));
        }
    }

    @TempDir Path directory;
    private final MemoryTool tool = new MemoryTool();
    private final SecureRandom random = new SecureRandom();

    @BeforeEach
    void install() throws IOException {
        for (String name : new String[] {"secret-tool", "security"}) {
            Path file = Files.createFile(directory.resolve(name));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private Keychain keychain() {
        return Keychain.find("Linux", List.of(directory), tool);
    }

    private static void assertRefused(ErrorCode code, String told, Runnable call) {
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(call::run)
                .withMessageContaining(told)
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(code));
    }

    @Test
    void whatIsMadeIsFoundAgain() {
        try (Secret made = keychain().create("home", random);
                Secret found = keychain().open("home")) {
            assertThat(made.size()).isEqualTo(32);
            assertThat(hex(found)).isEqualTo(hex(made));
        }
    }

    @Test
    void noArgumentHoldsTheKey() {
        try (Secret made = keychain().create("home", random);
                Secret text = KeyText.encode(made)) {
            String key = text.with(bytes -> new String(bytes, StandardCharsets.US_ASCII));
            assertThat(tool.commands.stream().flatMap(List::stream))
                    .contains("store")
                    .noneMatch(argument -> argument.contains("loamkey1"))
                    .noneMatch(argument -> argument.contains(key.substring(9)));
        }
    }

    @Test
    void openingMakesNothing() {
        assertRefused(ErrorCode.KEY_SOURCE, "locked, or has none", () -> keychain().open("home"));
        assertThat(tool.items).isEmpty();
        assertThat(tool.commands).extracting(command -> command.get(1)).containsOnly("lookup");
    }

    @Test
    void theItemOfALockedKeychainStays() {
        keychain().create("home", random).close();
        byte[] before = tool.items.getOrDefault("home", new byte[0]).clone();
        tool.isLocked = true;
        assertRefused(ErrorCode.KEY_SOURCE, "key file", () -> keychain().open("home"));
        assertThat(tool.items.get("home")).isEqualTo(before);
    }

    @Test
    void anItemThatIsThereIsNotReplaced() {
        keychain().create("home", random).close();
        byte[] before = tool.items.getOrDefault("home", new byte[0]).clone();
        assertRefused(ErrorCode.EXISTS, "\"home\"", () -> keychain().create("home", random));
        assertThat(tool.items.get("home")).isEqualTo(before);
    }

    @Test
    void aKeyThatIsNotGivenBackIsNone() {
        tool.isForgetful = true;
        assertRefused(ErrorCode.KEY_SOURCE, "\"home\"", () -> keychain().create("home", random));
        KeychainTool stale =
                (command, input) -> {
                    if (command.get(1).equals("lookup") && tool.commands.size() < 2) {
                        return tool.run(command, input);
                    }
                    try (Secret other = Secret.random(random, 32)) {
                        return new KeychainTool.Answer.Ended(0, KeyText.encode(other));
                    }
                };
        tool.commands.clear();
        tool.commands.add(List.of());
        assertRefused(
                ErrorCode.KEY_SOURCE,
                "another key",
                () -> Keychain.find("Linux", List.of(directory), stale).create("new", random));
    }

    @Test
    void whatIsNoKeyIsNamedAndNotQuoted() {
        tool.items.put("home", "a letter to my aunt".getBytes(StandardCharsets.US_ASCII));
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(() -> keychain().open("home"))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.KEY_MALFORMED))
                .withMessageContaining("\"home\"")
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("aunt"));
        assertRefused(ErrorCode.KEY_MALFORMED, "home", () -> keychain().create("home", random));
    }

    @Test
    void aLineEndBehindTheKeyDoesNotCount() {
        try (Secret made = keychain().create("home", random)) {
            String text = new String(tool.items.get("home"), StandardCharsets.US_ASCII) + "\n";
            tool.items.put("home", text.getBytes(StandardCharsets.US_ASCII));
            try (Secret found = keychain().open("home")) {
                assertThat(hex(found)).isEqualTo(hex(made));
            }
        }
    }

    @Test
    void aToolThatFailsIsTold() {
        KeychainTool failing = (command, input) -> new KeychainTool.Answer.Failed("fell asleep");
        Keychain keychain = Keychain.find("Linux", List.of(directory), failing);
        assertRefused(
                ErrorCode.KEY_SOURCE,
                directory.resolve("secret-tool") + " fell asleep",
                () -> keychain.open("home"));
        assertRefused(ErrorCode.KEY_SOURCE, "fell asleep", () -> keychain.create("home", random));
        assertRefused(ErrorCode.KEY_SOURCE, "fell asleep", () -> keychain.remove("home"));
    }

    @Test
    void oneThatTakesNoKeyIsTold() {
        KeychainTool refusing =
                (command, input) ->
                        new KeychainTool.Answer.Ended(
                                command.get(1).equals("lookup") ? 1 : 7, Secret.take(new byte[0]));
        assertRefused(
                ErrorCode.KEY_SOURCE,
                "exit code 7",
                () -> Keychain.find("Linux", List.of(directory), refusing).create("a", random));
    }

    @Test
    void whatIsRemovedIsGone() {
        keychain().create("home", random).close();
        keychain().remove("home");
        assertThat(tool.items).isEmpty();
        keychain().remove("home");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-w", ".", "a b", "a\nb", "a\"b", "a/b", "\u00e9"})
    void aNameCannotBeACommand(String account) {
        assertRefused(ErrorCode.INVALID_ARGUMENT, "128", () -> keychain().open(account));
        assertRefused(ErrorCode.INVALID_ARGUMENT, "128", () -> keychain().create(account, random));
        assertRefused(ErrorCode.INVALID_ARGUMENT, "128", () -> keychain().remove(account));
        assertThat(tool.commands).isEmpty();
    }

    @Test
    void aNameHasALimit() {
        keychain().create("x".repeat(128), random).close();
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                "128",
                () -> keychain().create("x".repeat(129), random));
    }

    @Test
    void withoutAToolTheOtherSourcesAreNamed() {
        Path empty = directory.resolve("empty");
        assertRefused(
                ErrorCode.KEY_SOURCE,
                "secret-tool is not installed in any of [" + empty + "]",
                () -> Keychain.find("Linux", List.of(empty), tool));
        assertRefused(
                ErrorCode.KEY_SOURCE,
                "key file",
                () -> Keychain.find("Windows 11", List.of(directory), tool));
        assertRefused(
                ErrorCode.KEY_SOURCE,
                "security",
                () -> Keychain.find("Mac OS X", List.of(empty), tool));
    }

    @Test
    void aDirectoryOrAFileThatCannotRunIsNoTool() throws IOException {
        Path other = Files.createDirectories(directory.resolve("other"));
        Files.createDirectory(other.resolve("secret-tool"));
        Path third = Files.createDirectories(directory.resolve("third"));
        Files.setPosixFilePermissions(
                Files.createFile(third.resolve("secret-tool")),
                PosixFilePermissions.fromString("rw-------"));
        assertRefused(
                ErrorCode.KEY_SOURCE,
                "not installed",
                () -> Keychain.find("Linux", List.of(other, third, Path.of("")), tool));
    }

    @Test
    void onAMacTheKeyIsACommandOfStdin() {
        List<String> inputs = new ArrayList<>();
        List<List<String>> commands = new ArrayList<>();
        KeychainTool mac =
                (command, input) -> {
                    commands.add(command);
                    String text = input.with(bytes -> new String(bytes, StandardCharsets.US_ASCII));
                    inputs.add(text);
                    byte[] known =
                            inputs.size() < 3
                                    ? new byte[0]
                                    : inputs.get(1)
                                            .substring(inputs.get(1).indexOf("loamkey1-"))
                                            .getBytes(StandardCharsets.US_ASCII);
                    int exitCode = commands.size() == 1 ? 44 : 0;
                    return new KeychainTool.Answer.Ended(exitCode, Secret.take(known));
                };
        Keychain.find("Mac OS X", List.of(directory), mac).create("home", random).close();
        String security = directory.resolve("security").toString();
        List<String> lookup =
                List.of(security, "find-generic-password", "-s", "dev.loam", "-a", "home", "-w");
        assertThat(commands).containsExactly(lookup, List.of(security, "-i"), lookup);
        assertThat(inputs.get(1))
                .matches(
                        "add-generic-password -s dev\\.loam -a home -w"
                                + " loamkey1-[A-Za-z0-9_-]{48}\n");
    }
}

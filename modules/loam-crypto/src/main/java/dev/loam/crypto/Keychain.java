package dev.loam.crypto;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Keys in the operating system's keychain, by its own tool: {@code secret-tool} of the Secret
 * Service on Linux, {@code security} on macOS. A key travels over stdin and stdout, never as an
 * argument.
 *
 * <p>A locked keychain and one that has no such item give the same answer. So nothing is ever made
 * where something is looked for: the key of a store whose keychain is merely locked would be
 * replaced.
 *
 * <p>The way over {@code security} has never run on a Mac. Any thread.
 */
public final class Keychain {
    private static final String SERVICE = "dev.loam";
    private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final String OTHER_SOURCES =
            ". Unlock the keychain, or give the key another way: a key file, a passphrase, the"
                    + " environment, the recovery code";

    /** The tools, and how each is spoken to. */
    private enum Program {
        SECRET_TOOL("secret-tool") {
            @Override
            List<String> lookup(String account) {
                return List.of("lookup", "service", SERVICE, "account", account);
            }

            @Override
            List<String> store(String account) {
                return List.of(
                        "store", "--label=Loam " + account, "service", SERVICE, "account", account);
            }

            @Override
            byte[] storeInput(String account, byte[] text) {
                return text.clone();
            }

            @Override
            List<String> remove(String account) {
                return List.of("clear", "service", SERVICE, "account", account);
            }
        },
        SECURITY("security") {
            @Override
            List<String> lookup(String account) {
                return List.of("find-generic-password", "-s", SERVICE, "-a", account, "-w");
            }

            // It takes a password as an argument only, but its commands from stdin.
            @Override
            List<String> store(String account) {
                return List.of("-i");
            }

            @Override
            byte[] storeInput(String account, byte[] text) {
                byte[] command =
                        ("add-generic-password -s " + SERVICE + " -a " + account + " -w ")
                                .getBytes(StandardCharsets.US_ASCII);
                byte[] input = Arrays.copyOf(command, command.length + text.length + 1);
                System.arraycopy(text, 0, input, command.length, text.length);
                input[input.length - 1] = '\n';
                return input;
            }

            @Override
            List<String> remove(String account) {
                return List.of("delete-generic-password", "-s", SERVICE, "-a", account);
            }
        };

        private final String file;

        Program(String file) {
            this.file = file;
        }

        abstract List<String> lookup(String account);

        abstract List<String> store(String account);

        /**
         * @param text of the key
         */
        abstract byte[] storeInput(String account, byte[] text);

        abstract List<String> remove(String account);
    }

    private final Program program;
    private final Path path;
    private final KeychainTool tool;

    private Keychain(Program program, Path path, KeychainTool tool) {
        this.program = program;
        this.path = path;
        this.tool = tool;
    }

    /**
     * The keychain of this system.
     *
     * @param system the system's name, as {@code os.name} has it
     * @param directories in which its tool is looked for, in this order
     * @throws LoamException {@code KEY_SOURCE} if Loam knows none, or its tool is not there
     */
    public static Keychain find(String system, List<Path> directories, KeychainTool tool) {
        String name = system.toLowerCase(Locale.ROOT);
        if (name.startsWith("windows")) {
            throw failure("Loam knows no keychain of " + system);
        }
        Program program = name.startsWith("mac") ? Program.SECURITY : Program.SECRET_TOOL;
        return directories.stream()
                .filter(Path::isAbsolute)
                .map(directory -> directory.resolve(program.file))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst()
                .map(file -> new Keychain(program, file, tool))
                .orElseThrow(
                        () ->
                                failure(
                                        "the keychain's tool "
                                                + program.file
                                                + " is not installed in any of "
                                                + directories));
    }

    /**
     * The key that was put there under this name. To be closed.
     *
     * @param account 1 to 128 of {@code A-Za-z0-9._-}, first a letter or digit
     * @throws LoamException {@code KEY_SOURCE} if the keychain gives none, because it is locked,
     *     has no such item or does not answer; {@code KEY_MALFORMED} if what it gives is no key
     */
    public Secret open(String account) {
        return find(check(account))
                .orElseThrow(
                        () ->
                                failure(
                                        path
                                                + " gives no item \""
                                                + account
                                                + "\": the keychain is locked, or has none of"
                                                + " that name"));
    }

    /**
     * Puts a new key there under this name, and reads it back. To be closed.
     *
     * @throws LoamException {@code EXISTS} if there is one already, which stays; {@code KEY_SOURCE}
     *     if the keychain does not give back what was put there; {@code INVALID_ARGUMENT} if that
     *     cannot be a name
     */
    public Secret create(String account, SecureRandom random) {
        Optional<Secret> present = find(check(account));
        if (present.isPresent()) {
            present.get().close();
            throw new LoamException(
                    ErrorCode.EXISTS,
                    "the keychain has an item \""
                            + account
                            + "\" of Loam's already; remove it, if no store needs it, or take"
                            + " another source");
        }
        Secret key = Secret.random(random, Suite.KEY_BYTES);
        try {
            store(account, key);
            try (Secret kept = open(account)) {
                if (!isSame(key, kept)) {
                    throw failure(path + " gives back another key than it was given");
                }
            }
            return key;
        } catch (LoamException failed) {
            key.close();
            throw failed;
        }
    }

    /**
     * Takes the item away, if there is one.
     *
     * @throws LoamException {@code KEY_SOURCE} if it is still there
     */
    public void remove(String account) {
        // Its exit code does not tell an absent item from a failure.
        run(program.remove(check(account)), new byte[0]).close();
        find(account)
                .ifPresent(
                        key -> {
                            key.close();
                            throw failure(path + " does not remove the item \"" + account + "\"");
                        });
    }

    private static String check(String account) {
        if (!ACCOUNT.matcher(account).matches()) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the name of an item in the keychain has 1 to 128 of A-Za-z0-9._- and begins"
                            + " with a letter or digit");
        }
        return account;
    }

    /** Empty if the keychain is locked as well. */
    private Optional<Secret> find(String account) {
        try (KeychainTool.Answer.Ended answer = run(program.lookup(account), new byte[0])) {
            if (answer.exitCode() != 0) {
                return Optional.empty();
            }
            try {
                return Optional.of(KeyText.decode(answer.output()));
            } catch (LoamException other) {
                throw new LoamException(
                        ErrorCode.KEY_MALFORMED,
                        "the item \"" + account + "\" of the keychain is not a key of Loam's",
                        other);
            }
        }
    }

    private void store(String account, Secret key) {
        try (Secret text = KeyText.encode(key);
                KeychainTool.Answer.Ended answer =
                        run(
                                program.store(account),
                                text.with(bytes -> program.storeInput(account, bytes)))) {
            if (answer.exitCode() != 0) {
                throw failure(path + " takes no key: it ended with exit code " + answer.exitCode());
            }
        }
    }

    private KeychainTool.Answer.Ended run(List<String> arguments, byte[] input) {
        List<String> command =
                Stream.concat(Stream.of(path.toString()), arguments.stream()).toList();
        try (Secret stdin = Secret.take(input)) {
            return switch (tool.run(command, stdin)) {
                case KeychainTool.Answer.Ended ended -> ended;
                case KeychainTool.Answer.Failed failed -> throw failure(path + " " + failed.why());
            };
        }
    }

    private static boolean isSame(Secret one, Secret other) {
        return one.with(first -> other.with(second -> MessageDigest.isEqual(first, second)));
    }

    private static LoamException failure(String what) {
        return new LoamException(
                ErrorCode.KEY_SOURCE, "the keychain gives no key: " + what + OTHER_SOURCES);
    }

    @Override
    public String toString() {
        return "the keychain by " + path;
    }
}

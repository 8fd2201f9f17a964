package dev.loam.cli;

import dev.loam.Encryption;
import dev.loam.KeySource;
import dev.loam.Keys;
import dev.loam.LoamOptions;
import dev.loam.core.ErrorCode;
import dev.loam.core.Invariant;
import dev.loam.core.LoamException;
import dev.loam.crypto.Secret;
import dev.loam.json.JsonValue;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command understands. */
final class CommonOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--store",
            paramLabel = "DIR",
            description = "The store; else $LOAM_STORE, else ~/.loam.")
    private @Nullable Path store;

    @Option(
            names = "--vault",
            paramLabel = "NAME",
            defaultValue = "main",
            description = "The vault; default: ${DEFAULT-VALUE}.")
    private String vault = "main";

    @Option(names = "--json", description = "Print one JSON document on stdout.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Mixin private final KeyOptions keys = new KeyOptions();

    Surroundings surroundings() {
        return root().surroundings();
    }

    private RootCommand root() {
        Invariant.check(
                spec.root().userObject() instanceof RootCommand, "every command hangs below loam");
        return (RootCommand) spec.root().userObject();
    }

    boolean json() {
        return json;
    }

    String vault() {
        return vault;
    }

    /** The vault if one was given: for commands that are about all vaults otherwise. */
    Optional<String> chosenVault() {
        return spec.commandLine().getParseResult().hasMatchedOption("--vault")
                ? Optional.of(vault)
                : Optional.empty();
    }

    Path store() {
        if (store != null) {
            return store;
        }
        String named = surroundings().environment().getOrDefault("LOAM_STORE", "");
        return named.isEmpty() ? surroundings().home().resolve(".loam") : Path.of(named);
    }

    /** Prints a line and sees to it that it has left the process. */
    void print(String line) {
        root().answered();
        surroundings().out().println(line);
        surroundings().out().flush();
    }

    /** Stdout itself, for an answer that is no line. */
    PrintStream answer() {
        root().answered();
        return surroundings().out();
    }

    /** Prints a line on stderr, beside the answer. */
    void note(String line) {
        surroundings().err().println("loam: " + line);
        surroundings().err().flush();
    }

    /** Prints lines on stderr that are to be looked at. */
    void draw(List<String> lines) {
        lines.forEach(surroundings().err()::println);
        surroundings().err().flush();
    }

    void print(JsonValue document) {
        print(document.toString());
    }

    /** Progress of something that may take long, on stderr. */
    ProgressLine progress(String task, String unit) {
        return ProgressLine.of(surroundings(), task, unit);
    }

    /** The same of something that is told in bytes. */
    ProgressLine progressInBytes(String task) {
        return ProgressLine.ofBytes(surroundings(), task);
    }

    /** Prints a secret in a line of its own, without making a string of it. */
    void printSecret(Secret secret) {
        root().answered();
        secret.with(
                bytes -> {
                    surroundings().out().write(bytes, 0, bytes.length);
                    return bytes.length;
                });
        surroundings().out().println();
        surroundings().out().flush();
    }

    /** Opens the store, which is made if it is not there: encrypted, if a key was given. */
    OpenStore openOrMake(LoamOptions options) {
        Path directory = store();
        try (KeyHolder key = key(directory)) {
            return make(key.options(options));
        }
    }

    /** Opens or makes the store in the way that is said, and in no other. */
    OpenStore make(LoamOptions options) {
        return OpenStore.open(store(), vault, options, surroundings());
    }

    /** Opens the store; {@code NOT_FOUND} if there is none. */
    OpenStore openExisting(LoamOptions options) {
        storeThatIs();
        return openOrMake(options);
    }

    /** Does something with the key of the store that is there, and without opening it. */
    <R> R withKey(BiFunction<Path, Encryption, R> use) {
        Path directory = storeThatIs();
        // Says it if the store is not encrypted, whatever was given.
        Keys.peek(directory);
        try (KeyHolder key = key(directory)) {
            return use.apply(directory, key.encryption());
        }
    }

    /**
     * Does something with a store, or what was one, that no key file tells of: with the key that
     * was given, if one was.
     */
    <R> R withGivenKey(Function<LoamOptions, R> use) {
        try (KeyHolder key = new KeyHolder(keys.given(surroundings()))) {
            return use.apply(key.options(LoamOptions.unencrypted()));
        }
    }

    /** By what the store is opened, as it was given or as its key file says. */
    private KeyHolder key(Path directory) {
        if (!Keys.areNeeded(directory)) {
            return new KeyHolder(keys.given(surroundings()));
        }
        Optional<KeySource> source = keys.keySource(Keys.peek(directory), surroundings());
        if (source.isEmpty()) {
            throw new LoamException(
                    ErrorCode.KEY_MISSING,
                    directory
                            + " is encrypted; give its key by --key-file FILE, --passphrase-fd N,"
                            + " --ask-passphrase, --recovery-code-fd N, --keychain, $LOAM_KEY or"
                            + " $LOAM_KEY_FILE");
        }
        return new KeyHolder(source);
    }

    /** Whether an option says what a store that is there is opened by. */
    boolean isKeyChosen() {
        return keys.isChosen();
    }

    /** The store's directory; {@code NOT_FOUND} if there is none, or nothing in it. */
    Path storeThatIs() {
        if (!hasStore()) {
            throw new LoamException(
                    ErrorCode.NOT_FOUND,
                    "there is no store in " + store() + "; `loam init` makes one");
        }
        return store();
    }

    /**
     * Whether there is anything in the store's directory. The lock alone is left where making one
     * was refused; it stays, since a new one would be a second lock.
     */
    boolean hasStore() {
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(store(), entry -> !entry.endsWith("LOCK"))) {
            return entries.iterator().hasNext();
        } catch (NotDirectoryException | NoSuchFileException absent) {
            return false;
        } catch (IOException failed) {
            throw new LoamException(ErrorCode.PERMISSIONS, store() + " cannot be listed", failed);
        }
    }

    /** A key source for as long as it is needed, or none. */
    private record KeyHolder(Optional<KeySource> source) implements AutoCloseable {
        LoamOptions options(LoamOptions plain) {
            return source.map(given -> plain.encryption(Encryption.by(given))).orElse(plain);
        }

        Encryption encryption() {
            return source.map(Encryption::by)
                    .orElseThrow(
                            () ->
                                    new LoamException(
                                            ErrorCode.KEY_MISSING,
                                            "no key was given to open the store"));
        }

        @Override
        public void close() {
            source.ifPresent(KeySource::close);
        }
    }
}

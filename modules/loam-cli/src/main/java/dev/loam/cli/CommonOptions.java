package dev.loam.cli;

import dev.loam.LoamOptions;
import dev.loam.core.ErrorCode;
import dev.loam.core.Invariant;
import dev.loam.core.LoamException;
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
import org.jspecify.annotations.Nullable;
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

    /** Opens the store, which is made if it is not there. */
    OpenStore openOrMake(LoamOptions options) {
        return OpenStore.open(store(), vault, options, surroundings());
    }

    /** Opens the store; {@code NOT_FOUND} if there is none. */
    OpenStore openExisting(LoamOptions options) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(store())) {
            if (entries.iterator().hasNext()) {
                return openOrMake(options);
            }
        } catch (NotDirectoryException | NoSuchFileException absent) {
            throw noStore();
        } catch (IOException failed) {
            throw new LoamException(ErrorCode.PERMISSIONS, store() + " cannot be listed", failed);
        }
        throw noStore();
    }

    private LoamException noStore() {
        return new LoamException(
                ErrorCode.NOT_FOUND,
                "there is no store in " + store() + "; `loam remember` makes one");
    }
}

package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class CommandLineTest {
    @TempDir private Path home;

    @Test
    void whatWasRememberedCanBeGot() {
        Run remembered =
                run("remember", "Fig tree, south wall", "--key=fig", "--tag=garden", "--no-model");
        assertThat(remembered.code()).isZero();
        assertThat(remembered.out()).isEqualTo("remembered fig\n");

        Run got = run("get", "fig");
        assertThat(got.code()).isZero();
        assertThat(got.out())
                .contains("key:   fig")
                .contains("tags:  garden")
                .endsWith("\nFig tree, south wall\n");
        assertThat(got.err()).isEmpty();
    }

    @Test
    void everyOptionOfRememberArrives() {
        run(
                "remember",
                "t",
                "--key=k",
                "--field=a=1",
                "--field=b=x=y",
                "--session=s",
                "--time=2026-01-31",
                "--no-model");
        assertThat(run("get", "k", "--json").object("memory"))
                .hasToString(
                        "{\"key\":\"k\",\"text\":\"t\",\"time\":\"2026-01-31T00:00:00Z\","
                                + "\"tags\":[],\"fields\":{\"a\":\"1\",\"b\":\"x=y\",\"session\":\"s\"}}");
    }

    @Test
    void textComesFromStdinWithoutItsLastLineEnd() {
        Run.withInput("one\ntwo\n", home, "remember", "-", "--key=k", "--no-model");
        assertThat(run("get", "k").out()).endsWith("\none\ntwo\n");
    }

    @Test
    void recallFindsByWordsAndFilters() {
        run("remember", "The fig tree bears fruit", "--key=a", "--tag=x", "--no-model");
        run("remember", "The fig tree was pruned", "--key=b", "--session=s", "--no-model");

        assertThat(keys(run("recall", "fig", "tree", "--no-model", "--json")))
                .containsExactlyInAnyOrder("a", "b");
        assertThat(keys(run("recall", "fig", "--tag=x", "--no-model", "--json")))
                .containsExactly("a");
        assertThat(keys(run("recall", "fig", "--session=s", "--no-model", "--json")))
                .containsExactly("b");
        assertThat(keys(run("recall", "fig", "--to=2000-01-01", "--no-model", "--json"))).isEmpty();
        assertThat(run("recall", "quince", "--no-model").out()).isEqualTo("nothing found\n");
    }

    private static List<String> keys(Run recall) {
        return recall.elements("hits").stream()
                .map(hit -> hit.toString().replaceAll(".*\"key\":\"(.*?)\".*", "$1"))
                .toList();
    }

    @Test
    void listingGoesOnFromTheCursor() {
        for (String key : List.of("a1", "a2", "b1")) {
            run("remember", "text " + key, "--key=" + key, "--no-model");
        }
        Run first = run("ls", "a", "--limit=1");
        assertThat(first.out()).startsWith("a1  ").hasLineCount(1);
        assertThat(first.err()).isEqualTo("loam: more: --cursor a1\n");
        Run second = run("ls", "a", "--limit=1", "--cursor=a1", "--json");
        assertThat(second.out()).contains("\"a2\"").doesNotContain("next");
    }

    @Test
    void whatWasDeletedIsNotFound() {
        run("remember", "t", "--key=k", "--no-model");
        assertThat(run("delete", "k").out()).isEqualTo("deleted k\n");
        assertFails(run("get", "k"), ExitCode.NOT_FOUND, "NOT_FOUND");
        assertFails(run("delete", "k"), ExitCode.NOT_FOUND, "NOT_FOUND");
    }

    /** As on a full disk: an answer that nobody got is no success. */
    @Test
    void anAnswerThatNobodyTakesIsAFailure() {
        for (String line :
                List.of("remember t --key=k --no-model", "ls", "status --json", "--help")) {
            Run lost = Run.withFullOutput(home, line.split(" "));
            assertFails(lost, ExitCode.FAILED, "IO_FAILED");
        }
        assertThat(run("get", "k").code()).isZero();
        Run refused = Run.withFullOutput(home, "get", "none", "--json");
        assertFails(refused, ExitCode.NOT_FOUND, "NOT_FOUND");
    }

    @Test
    void aDirectoryThatHoldsOnlyALockIsNoStore() throws IOException {
        Path lock = Files.createDirectories(home.resolve(".loam")).resolve("LOCK");
        Files.createFile(lock);
        assertFails(run("status"), ExitCode.NOT_FOUND, "NOT_FOUND");
        assertThat(home.resolve(".loam/log")).doesNotExist();
    }

    @Test
    void readingMakesNoStore() {
        assertFails(run("get", "k"), ExitCode.NOT_FOUND, "NOT_FOUND");
        assertThat(home.resolve(".loam")).doesNotExist();
    }

    @Test
    void checksOfASoundStorePass() {
        run("remember", "t", "--key=k", "--no-model");
        assertThat(run("verify").out()).startsWith("sound: ");
        assertThat(run("verify", "--json").document().members().get("sound"))
                .isEqualTo(new JsonValue.Truth(true));
        Run rebuilt = run("rebuild");
        assertThat(rebuilt.code()).isZero();
        assertThat(rebuilt.out()).contains(": equal");
        assertThat(run("status").out()).contains("memories   1");
    }

    @Test
    void aStoreInUseIsBusy() {
        run("remember", "t", "--key=k", "--no-model");
        try (Loam owner = Loam.open(home.resolve(".loam"), LoamOptions.unencrypted())) {
            assertThat(owner.digest()).isNotEmpty();
            assertFails(run("get", "k"), ExitCode.STORE_BUSY, "STORE_BUSY");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "remembr",
                "remember",
                "get",
                "get a b",
                "get k --as-of=yesterday",
                "history",
                "replay",
                "replay --validate-only --output=x",
                "replay --validate-only --actor=me",
                "replay --validate-only --since=2026-02-01 --until=2026-01-01",
                "replay --validate-only --until=soon",
                "verify --quick --full",
                "verify --sample=0",
                "verify --sample=some",
                "verify --seed=1",
                "remember t --nonsense",
                "remember t --time=yesterday",
                "remember t --field=novalue",
                "recall x --limit=many",
                "recall x --limit=0 --no-model",
                "import f --format=xml",
                "sync",
                "sync pair nonsense",
                "peers",
                "peers rename",
                "peers rename a",
                "peers remove",
                "sync serve --port=70000",
                "eval"
            })
    void wrongArgumentsAreRefusedInOneSentence(String line) {
        run("remember", "t", "--no-model");
        Run run = run(line.isEmpty() ? new String[0] : line.split(" ", -1));
        assertFails(run, ExitCode.USAGE, "INVALID_ARGUMENT");
        assertThat(run.err()).hasLineCount(1);
    }

    private static void assertFails(Run run, ExitCode code, String error) {
        assertThat(run.code()).isEqualTo(code.number());
        assertThat(run.err()).startsWith("loam: " + error + ": ").doesNotContain("\tat ");
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "get",
                "get k",
                "get k --as-of=2026-01-31",
                "history k",
                "inspect",
                "replay --validate-only",
                "verify",
                "import /nowhere",
                "sync now",
                "peers list",
                "peers rename a b",
                "peers remove a",
                "remember t --field=x --no-model"
            })
    void withJsonAnErrorIsOneDocumentOnStdout(String line) {
        Run run = run((line + " --json").split(" ", -1));
        assertThat(run.code()).isNotZero();
        assertThat(run.object("error").members()).containsOnlyKeys("code", "message");
    }

    @Test
    void anInboxIsListedAndWhatIsNotInItCannotBeSettled() {
        run("remember", "t", "--no-model");

        assertThat(run("inbox", "list").out()).isEmpty();
        assertThat(run("inbox", "list", "--json").elements("entries")).isEmpty();
        assertThat(run("inbox", "resolve", "1", "--keep-theirs").code())
                .isEqualTo(ExitCode.NOT_FOUND.number());
        assertThat(run("inbox", "resolve", "1").code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(run("inbox", "resolve", "1", "--keep-theirs", "--apply-mine").code())
                .isEqualTo(ExitCode.USAGE.number());
    }

    /** All of them, as one calls them; {@code loam} itself is the empty text. */
    private static Stream<String> commands() {
        return below(all())
                .filter(command -> !command.getCommandSpec().usageMessage().hidden())
                .map(command -> command.getCommandSpec().qualifiedName())
                .map(name -> name.substring("loam".length()).strip());
    }

    private static CommandLine all() {
        CommandLine root = new CommandLine(new RootCommand(Surroundings.ofProcess()));
        Commands.addTo(root);
        return root;
    }

    private static Stream<CommandLine> below(CommandLine command) {
        return Stream.concat(
                Stream.of(command),
                command.getSubcommands().values().stream().flatMap(CommandLineTest::below));
    }

    /** What help, messages and pages tell to enter. */
    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs", "modules"})
    void everyCommandThatATextNamesIsThere(String place) throws IOException {
        Pattern named = Pattern.compile("(?:`|\\./)loam ([a-z][a-z-]*)");
        Set<String> known = commands().collect(Collectors.toSet());
        try (Stream<Path> files = Files.walk(Path.of("../..", place))) {
            assertThat(files.filter(CommandLineTest::isRead))
                    .isNotEmpty()
                    .allSatisfy(
                            file ->
                                    assertThat(named.matcher(Files.readString(file)).results())
                                            .extracting(found -> found.group(1))
                                            .isSubsetOf(known));
        }
    }

    private static boolean isRead(Path file) {
        String path = file.toString();
        return path.endsWith(".md") || (path.endsWith(".java") && path.contains("src/main"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHelpsAndNamesItsExitCodes(String command) {
        Run run = run((command + " --help").strip().split(" ", -1));
        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("Usage: loam").contains("Exit codes:").contains("  5  ");
    }

    /** The list of commands shows the first line of each description alone. */
    @Test
    void theFirstLineOfEachDescriptionIsWhole() {
        assertThat(below(all()))
                .extracting(each -> each.getCommandSpec().usageMessage().description()[0])
                .allMatch(line -> line.endsWith("."));
    }

    private Run run(String... arguments) {
        return Run.of(home, arguments);
    }
}

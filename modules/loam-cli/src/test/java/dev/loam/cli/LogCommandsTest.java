package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.json.JsonObject;
import dev.loam.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that read the log: history, replay, inspect, verify. */
final class LogCommandsTest {
    @TempDir private Path home;

    private Run run(String... arguments) {
        return Run.of(home, arguments);
    }

    @BeforeEach
    void rememberTwiceAndDelete() {
        run("remember", "fig", "--key=k", "--tag=garden", "--no-model");
        run("remember", "quince", "--key=k", "--no-model");
        run("remember", "other", "--key=o", "--no-model");
        run("remember", "at work", "--key=w", "--vault=work", "--no-model");
        run("remember", "gone", "--key=g", "--no-model");
        run("delete", "g");
    }

    private List<String> times(String key) {
        return run("history", key, "--json").elements("changes").stream()
                .map(change -> text((JsonObject) change, "time"))
                .toList();
    }

    private static String text(JsonObject object, String member) {
        return ((JsonValue.Text) object.member(member).orElseThrow()).text();
    }

    private static long number(JsonObject object, String member) {
        return ((JsonValue.Whole) object.member(member).orElseThrow()).number();
    }

    private Path frames(int segment) {
        return home.resolve(".loam/log/%016x/19700101-000001S.cq4".formatted(segment));
    }

    @Test
    void historyTellsTheChangesOfAMemory() {
        Run run = run("history", "k");
        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("here      text: (nothing) -> fig\n")
                .contains("here      tags + garden\n")
                .contains("here      text: fig -> quince\n")
                .contains("here      tags - garden\n");
        assertThat(run("history", "g").out()).endsWith("here      deleted\n");

        JsonObject document = run("history", "k", "--json").document();
        assertThat(document.members()).containsOnlyKeys("key", "complete", "changes");
        assertThat(document.member("complete")).contains(new JsonValue.Truth(true));
    }

    @Test
    void whatNeverWasIsNotFound() {
        for (Run run : List.of(run("history", "x"), run("history", "k", "--vault=none"))) {
            assertThat(run.code()).isEqualTo(ExitCode.NOT_FOUND.number());
            assertThat(run.err()).startsWith("loam: NOT_FOUND: ").hasLineCount(1);
        }
    }

    @Test
    void aMemoryCanBeGotAsItWas() {
        List<String> times = times("k");
        Run then = run("get", "k", "--as-of=" + times.getFirst());
        assertThat(then.out()).contains("tags:  garden").endsWith("\nfig\n");
        Run now = run("get", "k", "--as-of=" + times.getLast(), "--json");
        assertThat(text(now.object("memory"), "text")).isEqualTo("quince");
        assertThat(run("get", "k", "--as-of=2020-01-01").code())
                .isEqualTo(ExitCode.NOT_FOUND.number());
        assertThat(run("get", "g", "--as-of=" + times("g").getFirst()).out()).endsWith("gone\n");
    }

    @Test
    void inspectShowsSegmentsAuthorsAndFiles() {
        Run run = run("inspect");
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("sealed")
                .contains("vault main, actor ")
                .contains("vault work, actor ")
                .contains("6 batches");

        JsonObject document = run("inspect", "--json").document();
        assertThat(run("inspect", "--json").elements("segments")).hasSize(6);
        assertThat(number(document, "liveBytes")).isPositive();
        JsonObject files = (JsonObject) document.member("files").orElseThrow();
        assertThat(number(files, "log frames"))
                .isEqualTo(number(document, "liveBytes") + number(document, "deadBytes"));
        assertThat(files.members()).containsOnlyKeys("index", "log footers", "log frames", "other");
    }

    @Test
    void replayWritesTheSelectedOperationsAsLines() throws IOException {
        Path lines = home.resolve("out.jsonl");
        Run run = run("replay", "--output=" + lines, "--vault=main", "--key=k");
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .isEqualTo("read 8 batches, selected 5 operations, wrote 5 lines, damaged 0\n");
        assertThat(Files.readAllLines(lines)).hasSize(5);
        JsonObject first = (JsonObject) JsonValue.parse(Files.readAllLines(lines).getFirst());
        assertThat(text(first, "kind")).isEqualTo("set");
        assertThat(text(first, "value")).isEqualTo("fig");

        Run again = run("replay", "--output=" + lines);
        assertThat(again.code()).isEqualTo(ExitCode.FAILED.number());
        assertThat(again.err()).startsWith("loam: EXISTS: ");
    }

    @Test
    void replayFiltersByActorAndTime() {
        String device = text(run("status", "--json").document(), "device");
        assertThat(selected("--actor=" + device.substring(0, 8))).isEqualTo(selected());
        assertThat(selected("--until=2020-01-01")).isZero();
        assertThat(selected("--since=2020-01-01")).isEqualTo(selected());
        assertThat(selected("--since=" + times("k").getLast(), "--key=k")).isEqualTo(2);
        for (String unknown : List.of("--actor=00000000", "--vault=none")) {
            assertThat(run("replay", "--validate-only", unknown).code())
                    .isEqualTo(ExitCode.NOT_FOUND.number());
        }
    }

    private long selected(String... filters) {
        String[] arguments =
                Stream.concat(Stream.of("replay", "--validate-only", "--json"), Stream.of(filters))
                        .toArray(String[]::new);
        return number(run(arguments).document(), "selected");
    }

    @Test
    void replayMakesANewStoreOfTheMemories() {
        Path target = home.resolve("new");
        Run run = run("replay", "--into=" + target);
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("wrote 3 memories, damaged 0");
        for (String vault : List.of("main", "work")) {
            assertThat(run("ls", "--json", "--vault=" + vault, "--store=" + target).out())
                    .isEqualTo(run("ls", "--json", "--vault=" + vault).out());
        }
        assertThat(run("replay", "--into=" + target).err()).startsWith("loam: EXISTS: ");

        Path past = home.resolve("past");
        run("replay", "--into=" + past, "--until=" + times("k").getFirst());
        assertThat(run("get", "k", "--store=" + past).out()).endsWith("\nfig\n");
        assertThat(run("ls", "--store=" + past).out()).hasLineCount(1);
    }

    @Test
    void compactionJoinsLetsGoAndIsTold() throws IOException {
        Run planned = run("compact", "--strategy=aggressive", "--dry-run");
        assertThat(planned.code()).as(planned.err()).isZero();
        assertThat(planned.out())
                .startsWith("would compact: ")
                .contains(" segments become ")
                .endsWith("0 batches kept, 8 let go: their memories are kept\n");

        Run joined = run("compact");
        assertThat(joined.out()).startsWith("compacted: ").contains("8 batches kept, 0 let go\n");
        assertThat(run("history", "k").out()).contains("fig -> quince");
        assertThat(run("compact").out()).startsWith("there is nothing to compact: ");

        JsonObject done = run("compact", "--strategy=aggressive", "--json").document();
        assertThat(number(done, "batchesLetGo")).isEqualTo(8);
        assertThat(number(done, "segmentsAfter")).isOne();
        assertThat(run("inspect").out()).contains("  compacted\n");
        assertThat(run("get", "k").out()).contains("quince");
        assertThat(run("verify").code()).isZero();
        assertThat(run("rebuild").code()).isZero();
        assertThat(run("get", "k", "--as-of=2001-01-01").code())
                .isEqualTo(ExitCode.NOT_FOUND.number());
        assertThat(run("history", "k", "--json").document().member("complete"))
                .contains(new JsonValue.Truth(false));

        Path into = home.resolve("again");
        assertThat(run("replay", "--into=" + into).out())
                .isEqualTo(
                        "read 0 batches, selected 0 operations and 3 compacted memories, wrote 3"
                                + " memories, damaged 0\n");
        assertThat(run("get", "k", "--store=" + into).out()).contains("quince");
        Path lines = home.resolve("lines");
        run("replay", "--output=" + lines, "--key=k");
        assertThat(lines).hasContent("{\"vault\":\"main\",\"key\":\"k\",\"kind\":\"compacted\"}");
    }

    @Test
    void whatCompactCannotMeanIsRefused() {
        for (List<String> wrong :
                List.of(
                        List.of("compact", "--strategy=brutal"),
                        List.of("compact", "--keep-days=-1"),
                        List.of("compact", "--keep-mib=-1"),
                        List.of("compact", "--keep-days=x"),
                        List.of("compact", "--keep-days=1", "--keep-all"))) {
            Run run = run(wrong.toArray(String[]::new));
            assertThat(run.code()).as("%s", wrong).isEqualTo(ExitCode.USAGE.number());
            assertThat(run.err()).startsWith("loam: INVALID_ARGUMENT: ").hasLineCount(1);
        }
    }

    @Test
    void damageIsToldAndTheExitCodeSaysSo() throws IOException {
        // In the text of a memory that was overwritten later.
        byte[] content = Files.readAllBytes(frames(1));
        String asText = new String(content, StandardCharsets.ISO_8859_1);
        content[asText.indexOf("fig")] ^= 1;
        Files.write(frames(1), content);

        Run replay = run("replay", "--validate-only", "--json");
        assertThat(replay.code()).as(replay.err()).isEqualTo(ExitCode.DAMAGED.number());
        assertThat(number(replay.document(), "damaged")).isEqualTo(1);
        assertThat(number(replay.document(), "read")).isEqualTo(7);

        Run history = run("history", "k");
        assertThat(history.code()).isZero();
        assertThat(history.err()).contains("older changes are missing");
        assertThat(run("get", "k").code()).isZero();
        assertThat(run("get", "k", "--as-of=2026-01-31").code())
                .isEqualTo(ExitCode.DAMAGED.number());

        assertThat(run("verify").code()).isEqualTo(ExitCode.DAMAGED.number());
        assertThat(run("verify", "--sample=1000").code()).isEqualTo(ExitCode.DAMAGED.number());
        assertThat(run("verify", "--quick").code()).isZero();
    }

    @Test
    void aSampleIsChosenAgainByItsSeed() {
        Run sample = run("verify", "--sample=3");
        assertThat(sample.code()).isZero();
        assertThat(sample.out()).startsWith("seed ").contains("sound: 3 batches good");
        String seed = sample.out().lines().findFirst().orElseThrow().substring("seed ".length());
        assertThat(run("verify", "--sample=3", "--seed=" + seed).out()).isEqualTo(sample.out());
        assertThat(run("verify", "--full").out()).contains("8 batches good in 6 segments");
        assertThat(run("verify", "--quick").out())
                .startsWith("sound: the list and footers of 6 segments, ");
    }

    @Test
    void aStoreThatIsNotThereIsNotFound() {
        for (String command :
                List.of(
                        "history k",
                        "get k --as-of=2026-01-31",
                        "inspect",
                        "verify --quick",
                        "replay --validate-only",
                        "replay --into=nowhere")) {
            Run run = run((command + " --store=" + home.resolve("none")).split(" ", -1));
            assertThat(run.code()).isEqualTo(ExitCode.NOT_FOUND.number());
            assertThat(home.resolve("none")).doesNotExist();
        }
    }
}

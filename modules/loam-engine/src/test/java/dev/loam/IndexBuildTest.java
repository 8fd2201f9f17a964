package dev.loam;

import static dev.loam.TestStores.assertCode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import dev.loam.core.Position;
import dev.loam.index.RecordIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexBuildTest {
    private static final int COMMIT_EVERY = 1_024;
    private static final int MEMORIES = 2_200;

    @TempDir Path directory;

    private static void fill(Loam loam, String prefix) {
        Vault vault = loam.vault("main");
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, MEMORIES)
                    .forEach(
                            i ->
                                    callers.execute(
                                            () ->
                                                    vault.put(
                                                            Memory.of(prefix + " text " + i)
                                                                    .key(prefix + i % 2_000)
                                                                    .field(
                                                                            "session",
                                                                            "s" + i % 9))));
        }
    }

    private Path filled(String name) {
        Path path = directory.resolve(name);
        try (Loam loam = TestStores.open(path)) {
            fill(loam, "first");
        }
        return path;
    }

    private static Store open(Path path) {
        Store store = Store.open(path, LoamOptions.unencrypted());
        assertThat(store.report().replayedBatches()).isZero();
        return store;
    }

    /** Ends with what was committed at the first commit, or a later one. */
    private static void interruptedRebuild(Path path) {
        try (Store store = open(path)) {
            interruptedRebuild(path, store);
        }
    }

    private static void interruptedRebuild(Path path, Store store) {
        Progress interrupting =
                (done, total) -> {
                    if (done >= 2 * COMMIT_EVERY) {
                        while (RecordIndex.peek(path.resolve("index.tmp"), Optional.empty())
                                .isEmpty()) {
                            Thread.onSpinWait();
                        }
                        throw new IllegalStateException("enough");
                    }
                };
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> store.rebuild(interrupting, COMMIT_EVERY));
    }

    private static Position rebuild(Store store) {
        String before = store.state().digest().toHex();
        Recovery recovery = store.rebuild(Progress.NONE, COMMIT_EVERY);
        assertThat(recovery.state().digest().toHex()).isEqualTo(before);
        assertThat(store.state().digest().toHex()).isEqualTo(before);
        assertThat(recovery.start().number() + recovery.replayed())
                .isEqualTo(store.log().end().number());
        return recovery.start();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)));
            }
        }
    }

    private static List<String> answers(Path path) {
        return TestStores.ask(
                path,
                loam ->
                        loam.vault("main").recall("text 77 first", 50).hits().stream()
                                .map(hit -> hit.memory().key() + " " + hit.score())
                                .toList());
    }

    @Test
    void aRebuildGoesOnWhereItWasInterrupted() {
        Path path = filled("store");
        List<String> answers = answers(path);
        try (Store store = open(path)) {
            interruptedRebuild(path, store);
            assertThat(rebuild(store).number()).isPositive();
            assertThat(path.resolve("index.tmp")).doesNotExist();
            assertThat(rebuild(store)).isEqualTo(Position.START);
        }
        assertThat(answers(path)).isEqualTo(answers);
    }

    @Test
    void aRebuildGoesOnAfterAReopenAndMoreWrites() {
        Path path = filled("store");
        interruptedRebuild(path);
        try (Loam loam = TestStores.open(path)) {
            loam.vault("main").delete("first1");
            fill(loam, "second");
        }
        try (Store store = open(path)) {
            assertThat(rebuild(store).number()).isPositive();
        }
        assertThat(TestStores.<Long>ask(path, loam -> loam.stats().records())).isEqualTo(3_999);
    }

    @Test
    void theStoreServesAndTakesWritesAfterAnInterruption() {
        Path path = filled("store");
        try (Loam loam = TestStores.open(path)) {
            assertCode(
                    ErrorCode.INVALID_ARGUMENT,
                    () ->
                            loam.rebuild(
                                    (done, total) -> {
                                        throw new IllegalStateException("enough");
                                    }));
            loam.vault("main").put(Memory.of("later").key("later"));
            assertThat(loam.vault("main").get("later")).isPresent();
            RebuildReport report = loam.rebuild(Progress.NONE);
            assertThat(report.digestAfter()).isEqualTo(report.digestBefore());
        }
    }

    @Test
    void theBuildOfAnotherStoreIsNotTrusted() throws IOException {
        Path path = filled("store");
        Path other = filled("other");
        interruptedRebuild(path);
        copy(path.resolve("index.tmp"), other.resolve("index.tmp"));
        try (Store store = open(other)) {
            assertThat(other.resolve("index.tmp")).doesNotExist();
            copy(path.resolve("index.tmp"), other.resolve("index.tmp"));
            assertThat(rebuild(store)).isEqualTo(Position.START);
        }
    }

    @Test
    void theBuildOfAnotherHistoryOfTheSameStoreIsNotTrusted() throws IOException {
        Path path = directory.resolve("store");
        try (Loam loam = TestStores.open(path)) {
            loam.vault("main").put(Memory.of("both").key("both"));
        }
        Path restored = directory.resolve("restored");
        copy(path, restored);
        try (Loam loam = TestStores.open(path)) {
            fill(loam, "first");
        }
        try (Loam loam = TestStores.open(restored)) {
            fill(loam, "second");
        }
        interruptedRebuild(path);
        copy(path.resolve("index.tmp"), restored.resolve("index.tmp"));
        try (Store store = open(restored)) {
            assertThat(restored.resolve("index.tmp")).doesNotExist();
            copy(path.resolve("index.tmp"), restored.resolve("index.tmp"));
            assertThat(rebuild(store)).isEqualTo(Position.START);
        }
    }

    @Test
    void rubbishInTheBuildsPlaceIsThrownAway() throws IOException {
        Path path = filled("store");
        Files.createDirectories(path.resolve("index.tmp"));
        Files.writeString(path.resolve("index.tmp/segments_1"), "rubbish");
        try (Store store = open(path)) {
            assertThat(path.resolve("index.tmp")).doesNotExist();
            Files.writeString(path.resolve("index.tmp"), "rubbish");
            assertThat(rebuild(store)).isEqualTo(Position.START);
        }
    }

    @Test
    void aBuiltIndexTakesThePlaceOfOneThatIsGone() throws IOException {
        Path path = filled("store");
        List<String> answers = answers(path);
        Files.move(path.resolve("index"), path.resolve("index.tmp"));
        try (Loam loam = TestStores.open(path)) {
            assertThat(loam.openReport().replayedBatches()).isZero();
            assertThat(path.resolve("index.tmp")).doesNotExist();
        }
        assertThat(answers(path)).isEqualTo(answers);
    }

    @Test
    void whatWasReplayedOnceIsNotReplayedAgain() {
        Path path = filled("store");
        try (Loam loam = TestStores.open(path)) {
            fill(loam, "second");
            fill(loam, "third");
        }
        IndexBuild.deleteTree(path.resolve("index"));
        try (Loam loam = TestStores.open(path)) {
            assertThat(loam.openReport().replayedBatches()).isGreaterThan(IndexCommits.BATCHES);
        }
        try (Loam loam = TestStores.open(path)) {
            assertThat(loam.openReport().replayedBatches()).isZero();
        }
    }

    /** Writes over a batch in the middle of the log. */
    private static void damage(Path path) throws IOException {
        try (Stream<Path> paths = Files.walk(path.resolve("log"))) {
            Path frames = paths.filter(each -> each.toString().endsWith(".cq4")).findFirst().get();
            try (FileChannel channel = FileChannel.open(frames, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[64]), channel.size() / 2);
            }
        }
    }

    @Test
    void anIndexThatHoldsWhatTheLogHasLostIsKept() throws IOException {
        Path path = filled("store");
        damage(path);
        try (Loam loam = TestStores.open(path)) {
            String digest = loam.digest();
            assertCode(ErrorCode.CORRUPT, () -> loam.rebuild(Progress.NONE));
            assertThat(loam.digest()).isEqualTo(digest);
            assertThat(loam.vault("main").scan("", 1_000, Optional.empty()).memories())
                    .hasSize(1_000);
            loam.vault("main").put(Memory.of("later").key("later"));
        }
        assertThat(TestStores.<Long>ask(path, loam -> loam.stats().records())).isEqualTo(2_001);
    }

    @Test
    void anIndexThatLacksWhatTheLogHasLostNeverPassesForWhole() throws IOException {
        Path path = filled("store");
        damage(path);
        IndexBuild.deleteTree(path.resolve("index"));
        for (int i = 0; i < 2; i++) {
            try (Loam loam = TestStores.open(path)) {
                assertThat(loam.openReport().notes()).hasSizeBetween(2, 110);
                assertThat(loam.vault("main").get("first1")).isPresent();
                assertCode(
                        ErrorCode.READ_ONLY, () -> loam.vault("main").put(Memory.of("x").key("x")));
            }
        }
    }
}

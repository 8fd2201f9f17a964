package dev.loam;

import static dev.loam.TestStores.assertCode;
import static dev.loam.TestStores.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import dev.loam.core.Position;
import dev.loam.index.IndexCheckpoint;
import dev.loam.index.RecordIndex;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an answered write means at each level. */
class DurabilityTest {
    private static final int MEMORIES = 15;
    private static final int CALLERS = 50;

    @TempDir Path directory;

    private Path path() {
        return directory.resolve("store");
    }

    private Store open(Durability level) {
        return Store.open(path(), LoamOptions.unencrypted().durability(level));
    }

    private static Vault vault(Store store) {
        return new Vault(store, Optional.empty(), "main");
    }

    private static void put(Store store, int first, int last) {
        for (int i = first; i <= last; i++) {
            vault(store).put(Memory.of("memory " + i).key("k" + i));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyAnsweredWriteSurvivesSigkillAndAtFullNoneIsReplayed(Durability level)
            throws Exception {
        OpenReport report = writeAndKill(level);
        assertThat(report.cleanlyClosed()).isFalse();
        if (level == Durability.FULL) {
            assertThat(report.replayedBatches()).isZero();
        } else {
            assertThat(report.replayedBatches()).isGreaterThanOrEqualTo(MEMORIES);
        }
        try (Loam loam = TestStores.open(path())) {
            for (int i = 0; i < MEMORIES; i++) {
                assertThat(text(loam.vault("main"), "k" + i)).contains("memory " + i);
            }
            assertThat(loam.verify(Progress.NONE).damage()).isEmpty();
        }
    }

    private OpenReport writeAndKill(Durability level) throws Exception {
        Process child =
                ChildJvm.start(
                        DurabilityChild.class,
                        path().toString(),
                        level.name(),
                        Integer.toString(MEMORIES));
        try {
            assertThat(child.inputReader().readLine()).isEqualTo("answered");
        } finally {
            child.destroyForcibly().waitFor();
        }
        try (Loam loam = TestStores.open(path())) {
            return loam.openReport();
        }
    }

    @Test
    void atNoneNothingIsForcedBeforeAFlush() {
        try (Store store = open(Durability.NONE)) {
            put(store, 1, 20);
            assertThat(store.log().forced()).isEqualTo(Position.START);
            store.flush();
            assertThat(store.log().forced()).isEqualTo(store.log().end());
            put(store, 21, 22);
            assertThat(store.log().end().isAfter(store.log().forced())).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"WAL", "FULL"})
    void atWalAndFullEachAnsweredWriteIsForced(Durability level) {
        try (Store store = open(level)) {
            for (int i = 0; i < 5; i++) {
                put(store, i, i);
                assertThat(store.log().forced()).isEqualTo(store.log().end());
            }
            store.flush();
            store.flush();
        }
    }

    @Test
    void atFullTheIndexCoversEachAnsweredWrite() {
        try (Store store = open(Durability.FULL)) {
            for (int i = 0; i < 5; i++) {
                put(store, i, i);
                assertThat(covered()).isEqualTo(store.log().end());
            }
        }
    }

    private Position covered() {
        return RecordIndex.peek(path().resolve("index"), Optional.empty())
                .map(IndexCheckpoint::position)
                .orElse(Position.START);
    }

    @Test
    void atNoneTheIndexIsCommittedBehindAForceOnly() {
        try (Store store = open(Durability.NONE)) {
            try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < CALLERS; i++) {
                    int from = i * IndexCommits.BATCHES / CALLERS;
                    int to = (i + 1) * IndexCommits.BATCHES / CALLERS - 1;
                    callers.execute(() -> put(store, from, to));
                }
            }
            // Answered in a later group, so the pause after the last one is over.
            Position forced = store.ask(stage -> store.log().forced());
            assertThat(forced.number()).isGreaterThanOrEqualTo(IndexCommits.BATCHES);
            put(store, 1, 1);
            assertThat(store.log().end().isAfter(store.log().forced())).isTrue();
            store.rebuild(Progress.NONE, Recovery.COMMIT_EVERY);
            assertThat(store.log().forced()).isEqualTo(store.log().end());
            assertThat(covered()).isEqualTo(store.log().end());
            put(store, 2, 3);
        }
        Store again = open(Durability.NONE);
        again.close();
        assertThat(covered()).isEqualTo(again.log().end());
        assertThat(again.report().replayedBatches()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void afterAnErrorOfTheJvmWritesAreRefusedReadsGoOnAndReopeningRecovers(Durability level) {
        try (Store store = open(level)) {
            put(store, 1, 3);
            assertCode(
                    ErrorCode.BUG,
                    () ->
                            store.write(
                                    stage -> {
                                        throw new InternalError("unsafe access");
                                    }));
            assertCode(ErrorCode.BUG, () -> put(store, 4, 4));
            assertCode(ErrorCode.BUG, store::flush);
            assertThat(text(vault(store), "k3")).contains("memory 3");
            assertThat(store.pendingWrites()).isZero();
        }
        try (Store store = open(level)) {
            put(store, 5, 6);
            assertThat(text(vault(store), "k3")).contains("memory 3");
            assertThat(text(vault(store), "k4")).isEmpty();
            assertThat(text(vault(store), "k6")).contains("memory 6");
        }
    }

    @Test
    void closedStoreRefusesToFlush() {
        Loam loam = Loam.open(path(), LoamOptions.unencrypted());
        loam.close();
        assertCode(ErrorCode.CLOSED, loam::flush);
        assertThat(loam.pendingWrites()).isZero();
    }
}

package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a log that was not closed ends with, and who says what of that is whole. */
class LogTailTest {
    @TempDir(factory = MemoryTempDir.class)
    Path directory;

    private final TestLogs logs = newLogs();

    TestLogs newLogs() {
        return TestLogs.plain();
    }

    private Path killed;
    private final List<String> shown = new ArrayList<>();

    @BeforeEach
    void appendTwoGroupsAndKill() throws IOException {
        killed = directory.resolve("killed");
        Path store = directory.resolve("store");
        try (OpLog log = logs.open(store)) {
            log.append(LogFixture.entries(1, 4));
            log.append(LogFixture.entries(5, 8));
            logs.copy(store, killed);
        }
    }

    private OpLog open(long whole, long expected) {
        LogTail judge =
                new LogTail() {
                    @Override
                    public void entry(Position at, Bytes payload) {
                        assertThat(payload).isEqualTo(LogFixture.entry(at.number()));
                        shown.add("" + at.number());
                    }

                    @Override
                    public Position wholeThrough(Position last) {
                        return new Position(Math.min(whole, last.number()));
                    }
                };
        return logs.open(killed, LogFixture.expecting(expected).tail(() -> judge));
    }

    private void assertThatItHoldsAndGoesOn(long last) {
        try (OpLog log = logs.open(killed)) {
            assertThat(LogFixture.summary(LogFixture.read(log)))
                    .isEqualTo(LogFixture.positions(1, last));
            assertThat(log.report().notes()).isEmpty();
            assertThat(log.verify((done, total) -> {}).damage()).isEmpty();
        }
    }

    @Test
    void onlyWhatNothingVouchesForIsShown() {
        try (OpLog log = open(8, 0)) {
            assertThat(log.end()).isEqualTo(new Position(8));
        }
        assertThat(shown).containsExactly("5", "6", "7", "8");
        assertThatItHoldsAndGoesOn(8);
    }

    @Test
    void whatIsNotWholeIsLeftOutForGood() {
        try (OpLog log = open(5, 0)) {
            assertThat(log.end()).isEqualTo(new Position(5));
            assertThat(log.report().damage()).isEmpty();
            LogFixture.appendSingly(log, 6, 7);
        }
        assertThatItHoldsAndGoesOn(7);
    }

    /** The entries that were left out are still in the file, and their positions in another one. */
    @Test
    void whatWasLeftOutStaysOutWhenTheListIsMadeAgain() throws IOException {
        try (OpLog log = open(5, 0)) {
            LogFixture.appendSingly(log, 6, 7);
        }
        for (boolean withFooters : List.of(true, false)) {
            Path copy = logs.copy(killed, directory.resolve("footers-" + withFooters));
            LogDirectory log = LogFixture.logOf(copy);
            Files.delete(log.manifest());
            for (long number : withFooters ? List.<Long>of() : log.segmentNumbers()) {
                Files.delete(log.footer(number));
            }
            try (OpLog again = logs.open(copy)) {
                assertThat(LogFixture.summary(LogFixture.read(again)))
                        .isEqualTo(LogFixture.positions(1, 7));
                assertThat(again.report().damage()).isEmpty();
                assertThat(again.report().notes()).noneMatch(note -> note.contains("aside"));
            }
        }
    }

    @Test
    void noneOfTheGroupMayBeWhole() {
        try (OpLog log = open(4, 0)) {
            assertThat(log.end()).isEqualTo(new Position(4));
            LogFixture.appendSingly(log, 5, 5);
        }
        assertThatItHoldsAndGoesOn(5);
    }

    @Test
    void whatIsKnownToHaveBeenDurableIsNotShown() {
        try (OpLog log = open(8, 6)) {
            assertThat(log.end()).isEqualTo(new Position(8));
        }
        assertThat(shown).containsExactly("7", "8");
    }

    @Test
    void ofALogThatWasClosedNothingIsShown() {
        logs.open(killed).close();
        try (OpLog log = open(4, 0)) {
            assertThat(log.end()).isEqualTo(new Position(8));
        }
        assertThat(shown).isEmpty();
    }
}

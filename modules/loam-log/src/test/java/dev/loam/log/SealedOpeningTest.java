package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The same of a log whose payloads are sealed. */
class SealedOpeningTest extends OpeningTest {
    @Override
    TestLogs newLogs() {
        return TestLogs.sealed();
    }

    /** The keys know which store it is. */
    @Test
    @Override
    void segmentsOfTwoStoresWithoutAListAreRefused() throws IOException {
        mixed();
        try (OpLog log = open()) {
            assertThat(LogFixture.summary(LogFixture.read(log)))
                    .isEqualTo(LogFixture.positions(1, 6));
            assertThat(log.report().notes())
                    .anyMatch(
                            note -> note.contains("segment 3") && note.contains("key is missing"));
        }
    }
}

package dev.loam.log;

/** The same of a log whose payloads are sealed. */
class SealedDraftWithMoreTest extends DraftWithMoreTest {
    @Override
    TestLogs newLogs() {
        return TestLogs.sealed();
    }
}

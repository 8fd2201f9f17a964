package dev.loam.log;

/** The same of a log whose payloads are sealed. */
class SealedLogTailTest extends LogTailTest {
    @Override
    TestLogs newLogs() {
        return TestLogs.sealed();
    }
}

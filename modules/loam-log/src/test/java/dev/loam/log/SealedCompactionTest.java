package dev.loam.log;

/** The same of a log whose payloads are sealed. */
class SealedCompactionTest extends CompactionTest {
    @Override
    TestLogs newLogs() {
        return TestLogs.sealed();
    }
}

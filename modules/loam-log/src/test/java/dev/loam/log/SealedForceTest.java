package dev.loam.log;

/** The same of a log whose payloads are sealed. */
class SealedForceTest extends ForceTest {
    @Override
    TestLogs newLogs() {
        return TestLogs.sealed();
    }
}

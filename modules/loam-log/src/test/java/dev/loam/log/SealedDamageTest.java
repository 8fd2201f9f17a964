package dev.loam.log;

/** The same of a log whose payloads are sealed. */
class SealedDamageTest extends DamageTest {
    @Override
    TestLogs newLogs() {
        return TestLogs.sealed();
    }
}

package dev.loam.log;

import java.nio.file.Path;

/** The contract on a log whose payloads are sealed, as users have it. */
class SealedChronicleOpLogTest extends OpLogContract {
    private final TestSealing sealing = new TestSealing();

    @Override
    OpLog open(Path store, LogOptions options) {
        return OpLog.open(store, sealing.with(options));
    }

    @Override
    int overheadBytes() {
        return TestSealing.OVERHEAD_BYTES;
    }
}

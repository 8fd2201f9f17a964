package dev.loam.log;

import java.nio.file.Path;

/** The contract on a log whose payloads are sealed, on segments that a plain channel writes. */
class SealedPlainOpLogTest extends OpLogContract {
    private final TestSealing sealing = new TestSealing();

    @Override
    OpLog open(Path store, LogOptions options) {
        return sealing.open(store, options, new DiskFiles());
    }

    @Override
    int overheadBytes() {
        return TestSealing.OVERHEAD_BYTES;
    }
}

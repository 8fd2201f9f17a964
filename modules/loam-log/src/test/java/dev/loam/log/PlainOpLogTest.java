package dev.loam.log;

import java.nio.file.Path;

/** The contract on segments that a plain channel writes: readers know the container alone. */
class PlainOpLogTest extends OpLogContract {
    @Override
    OpLog open(Path store, LogOptions options) {
        return LogFixture.openPlain(store, options);
    }
}

package dev.loam.log;

import java.nio.file.Path;

/** The contract on the log that users have. */
class ChronicleOpLogTest extends OpLogContract {
    @Override
    OpLog open(Path store, LogOptions options) {
        return OpLog.open(store, options);
    }
}

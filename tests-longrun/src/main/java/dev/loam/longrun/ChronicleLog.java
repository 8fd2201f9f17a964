package dev.loam.longrun;

import dev.loam.core.Bytes;
import dev.loam.core.Position;
import dev.loam.log.LogOptions;
import dev.loam.log.OpLog;
import java.nio.file.Path;
import java.util.List;

/** Loam's own log as users have it: segments of 64 MiB, each group read back and forced. */
final class ChronicleLog implements DurableLog {
    private final OpLog log;

    private ChronicleLog(OpLog log) {
        this.log = log;
    }

    static ChronicleLog open(Path store) {
        return new ChronicleLog(OpLog.open(store, LogOptions.standard(() -> Position.START)));
    }

    @Override
    public void append(List<Bytes> group) {
        log.append(group);
    }

    @Override
    public void close() {
        log.close();
    }
}

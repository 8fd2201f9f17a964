package dev.loam;

import dev.loam.log.OpLog;
import dev.loam.log.StoreFiles;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** By which {@code dev.loam.testkit} opens stores; programs use that. */
public final class TestDoor {
    private TestDoor() {}

    /** A store that does what keeps it in order only when {@link #tidy} is called. */
    public static Loam open(Path directory, LoamOptions options, UnaryOperator<StoreFiles> disk) {
        Store store =
                Store.open(
                        directory,
                        options,
                        new Environment(options.clock()),
                        (path, log) -> OpLog.open(path, log, disk));
        return Loam.of(directory, store, options);
    }

    /** Does what a store does by itself at most once an hour. */
    public static void tidy(Loam loam) {
        loam.tidy();
    }
}

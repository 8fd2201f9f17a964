package dev.loam.log;

import dev.loam.core.LoamException;
import dev.loam.core.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A process of its own that opens a store. The first argument says what it does, the second where.
 */
final class LogChild {
    private LogChild() {}

    public static void main(String[] arguments) throws Exception {
        Path store = Path.of(arguments[1]);
        try {
            switch (arguments[0]) {
                case "append" -> appendUntilKilled(store, LogFixture.segmentsOf(40));
                case "unforced" ->
                        appendUntilKilled(store, LogFixture.segmentsOf(40).forcesGroups(false));
                case "hold" -> hold(store);
                case "silent" -> appendSilently(store);
                case "opener" -> append(store, LogFixture.OPTIONS.openJdkPackages(true));
                case "once" -> append(store, LogFixture.OPTIONS);
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        } catch (LoamException refused) {
            System.out.println(refused);
            System.exit(1);
        }
    }

    /** Prints each position once it is acknowledged. */
    private static void appendUntilKilled(Path store, LogOptions options) {
        OpLog log = OpLog.open(store, options);
        long next = log.end().number() + 1;
        while (true) {
            int group = (int) (next % 3) + 1;
            Position last = log.append(LogFixture.entries(next, next + group - 1));
            System.out.println(last);
            next = last.number() + 1;
        }
    }

    private static void hold(Path store) throws IOException {
        OpLog log = OpLog.open(store, LogFixture.OPTIONS);
        log.append(LogFixture.entries(log.end().number() + 1, log.end().number() + 1));
        System.out.println("open");
        // Returns once whoever started this process has ended, if that does not kill it before.
        System.in.read();
    }

    private static void append(Path store, LogOptions options) {
        try (OpLog log = OpLog.open(store, options)) {
            System.out.println(log.append(LogFixture.entries(1, 3)));
        }
    }

    /** Exits with a number of its own for each habit of Chronicle that shows. */
    private static void appendSilently(Path store) throws Exception {
        try (OpLog log = OpLog.open(store, LogFixture.segmentsOf(2))) {
            for (int i = 1; i <= 5; i++) {
                log.append(List.of(LogFixture.entry(i)));
            }
            exitIf(System.getProperty("planted") != null, 3);
            exitIf(ProcessHandle.current().children().findAny().isPresent(), 4);
            exitIf(Thread.getAllStackTraces().keySet().stream().anyMatch(LogChild::isForeign), 5);
        }
        exitIf(isPresent("net.openhft.chronicle.analytics.Analytics"), 6);
        exitIf(isPresent("jnr.ffi.LibraryLoader"), 7);
    }

    private static boolean isForeign(Thread thread) {
        return !thread.isDaemon() && !thread.equals(Thread.currentThread());
    }

    private static boolean isPresent(String name) {
        try {
            Class.forName(name);
            return true;
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }

    private static void exitIf(boolean shows, int status) {
        if (shows) {
            Runtime.getRuntime().halt(status);
        }
    }
}

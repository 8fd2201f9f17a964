package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.Position;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Prints how fast the log is here: durable appends of 300 bytes singly and in groups of 64,
 * reading, and opening what is closed. Start it with the flags of {@code docs/jvm-flags.md}, the
 * test class path and an absent directory; the figures are those of that disk.
 */
final class LogMeasurement {
    private static final int PAYLOAD_BYTES = 300;
    private static final int ROUNDS = 5;
    private static final int SINGLES = 1_000;
    private static final int GROUPS = 400;
    private static final int GROUP = 64;
    private static final int READ_FRAMES = 100_000;

    private LogMeasurement() {}

    public static void main(String[] arguments) {
        Path store = Path.of(arguments[0]);
        try (OpLog log = OpLog.open(store, LogFixture.OPTIONS)) {
            List<Bytes> group = payloads(GROUP);
            List<Bytes> single = group.subList(0, 1);
            for (int round = 0; round < ROUNDS; round++) {
                report("append singly", SINGLES, () -> repeat(SINGLES, () -> log.append(single)));
                report(
                        "append in groups of 64",
                        GROUPS * GROUP,
                        () -> repeat(GROUPS, () -> log.append(group)));
            }
            for (int round = 0; round < ROUNDS; round++) {
                report("read", READ_FRAMES, () -> read(log));
            }
        }
        for (int round = 0; round < ROUNDS; round++) {
            report("open and close", 1, () -> OpLog.open(store, LogFixture.OPTIONS).close());
        }
    }

    private static void read(OpLog log) {
        try (LogReader reader = log.readAfter(Position.START)) {
            for (int i = 0; i < READ_FRAMES; i++) {
                reader.next();
            }
        }
    }

    private static List<Bytes> payloads(int count) {
        Random random = new Random(1);
        List<Bytes> payloads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] payload = new byte[PAYLOAD_BYTES];
            random.nextBytes(payload);
            payloads.add(Bytes.adopt(payload));
        }
        return payloads;
    }

    private static void repeat(int times, Runnable action) {
        for (int i = 0; i < times; i++) {
            action.run();
        }
    }

    private static void report(String what, int count, Runnable action) {
        long start = System.nanoTime();
        action.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%-24s %,12.0f /s  (%d in %.3f s)%n",
                what,
                count / seconds,
                count,
                seconds);
    }
}

package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * Appends to a store until it is told to stop: payloads that cross the edges of blocks, segments
 * that roll. Waits at each answer until the other side has taken it in.
 */
final class PowerCutChild {
    private static final int SEGMENT_BYTES = 1_500_000;
    private static final int PAYLOAD_BYTES = 90_000;

    private PowerCutChild() {}

    /**
     * Arguments: the store, and whether the log is sound or forces nothing. Prints "ack N" for each
     * answer and goes on with the next byte read.
     */
    public static void main(String[] arguments) throws IOException {
        LogOptions options =
                new LogOptions(SEGMENT_BYTES, 1_000, true, false, () -> Position.START);
        try (OpLog log = open(Path.of(arguments[0]), options, arguments[1])) {
            int next = (int) log.end().number() + 1;
            do {
                int group = next % 3 + 1;
                Bytes[] payloads = new Bytes[group];
                for (int i = 0; i < group; i++) {
                    payloads[i] = Bytes.ofUtf8(payload(next + i));
                }
                System.out.println("ack " + log.append(List.of(payloads)));
                next += group;
            } while (System.in.read() == '\n');
        }
    }

    private static OpLog open(Path store, LogOptions options, String how) {
        return how.equals("sound")
                ? OpLog.open(store, options)
                : OpLog.open(
                        store,
                        options,
                        new QuickFiles(),
                        ChronicleGate.enter(false),
                        new Random(1));
    }

    /** Most are small; some are as long as a tenth of a block. */
    static String payload(int position) {
        int bytes = position % 4 == 0 ? PAYLOAD_BYTES : position % 300;
        return "payload " + position + " " + "y".repeat(bytes);
    }
}

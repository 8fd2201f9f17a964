package dev.loam.longrun;

import dev.loam.core.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a durable write costs, beside the least that a log can be and beside SQLite, and at each
 * level through the whole engine; and what a compaction leaves. Started by {@code tools/bench log};
 * no test asserts on the figures.
 */
public final class LogBenchmarks {
    private static final int CALLERS = 64;
    private static final int GROUP = 64;
    private static final Bytes PAYLOAD = payload(300);
    private static final Bytes LONGER_PAYLOAD = payload(340);
    private static final long TURN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Callers MANY = new Callers(CALLERS, () -> PAYLOAD, TURN_NANOS);
    private static final Callers ONE = new Callers(1, () -> PAYLOAD, TURN_NANOS);

    private LogBenchmarks() {}

    /** Arguments: a directory to work in, which is emptied afterwards. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "loam-bench-log");
        try {
            forceRate(directory.resolve("force-before"));
            durableAppends(directory);
            groups(directory);
            DurabilityBenchmark.run(directory.resolve("levels"));
            forceRate(directory.resolve("force-after"));
            CompactionBenchmark.run(directory.resolve("compaction"));
        } finally {
            Benchmarks.delete(directory);
        }
    }

    /** What the disk allows one caller at a time, with nothing to allocate. */
    private static void forceRate(Path file) throws IOException {
        long[] nanos = new long[2_000];
        int bytes = PAYLOAD.size();
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(nanos.length * bytes), 0);
            channel.force(true);
            for (int i = 0; i < nanos.length; i++) {
                long began = System.nanoTime();
                channel.write(PAYLOAD.asBuffer(), (long) i * bytes);
                channel.force(false);
                nanos[i] = System.nanoTime() - began;
            }
        }
        Benchmarks.print("write of 300 B and force, preallocated file", nanos);
    }

    private static void durableAppends(Path directory) throws Exception {
        try (GroupCommit log = GroupCommit.over(ChronicleLog.open(directory.resolve("loam")));
                GroupCommit plain =
                        GroupCommit.over(PlainLog.growing(directory.resolve("growing")));
                GroupCommit filled =
                        GroupCommit.over(PlainLog.filledAhead(directory.resolve("filled")));
                SqliteWrites sqlite = SqliteWrites.open(directory.resolve("sqlite"))) {
            new Rounds("durable appends of 300 B, 64 callers")
                    .with("Loam's log", () -> MANY.rate(log))
                    .with("plain file", () -> MANY.rate(plain))
                    .with("plain file, zeros ahead", () -> MANY.rate(filled))
                    .with("SQLite, WAL, FULL", () -> MANY.rate(sqlite))
                    .run();
            new Rounds("durable appends of 300 B, one caller")
                    .with("Loam's log", () -> ONE.rate(log))
                    .with("plain file", () -> ONE.rate(plain))
                    .with("plain file, zeros ahead", () -> ONE.rate(filled))
                    .with("SQLite, WAL, FULL", () -> ONE.rate(sqlite))
                    .run();
            System.out.printf("  rows in SQLite: %,d%n", sqlite.rows());
        }
    }

    private static void groups(Path directory) throws Exception {
        List<Bytes> group = Collections.nCopies(GROUP, LONGER_PAYLOAD);
        List<Bytes> single = List.of(LONGER_PAYLOAD);
        try (DurableLog log = ChronicleLog.open(directory.resolve("groups"))) {
            new Rounds("durable appends of 340 B to Loam's log, no group commit")
                    .with("groups of 64", () -> rate(log, group))
                    .with("single", () -> rate(log, single))
                    .run();
        }
    }

    /** Payloads per second. */
    private static double rate(DurableLog log, List<Bytes> group) throws IOException {
        long began = System.nanoTime();
        long done = 0;
        while (System.nanoTime() - began < TURN_NANOS) {
            log.append(group);
            done += group.size();
        }
        return done / ScaleStep.seconds(began);
    }

    private static Bytes payload(int bytes) {
        return Bytes.ofUtf8(Benchmarks.textOf(bytes));
    }
}

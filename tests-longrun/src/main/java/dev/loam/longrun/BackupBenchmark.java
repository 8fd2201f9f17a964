package dev.loam.longrun;

import dev.loam.BackupOptions;
import dev.loam.BackupReport;
import dev.loam.Backups;
import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.Deflater;

/**
 * How fast a store of a million memories is backed up and restored, in JVMs of 128 MiB, beside what
 * bounds it: a copy of the log's files, each forced as each unit is, and Deflate alone on the same
 * bytes. What is compared is the seconds that each takes for the same store, one after the other in
 * one process; the first round of a process is told apart, since what it takes is mostly the
 * compiling of Loam.
 */
public final class BackupBenchmark {
    private static final int RECORDS = 1_000_000;
    private static final int CALLERS = 2_000;
    private static final int BUFFER_BYTES = 256 << 10;
    private static final int ROUNDS = 3;
    private static final double MIB = 1 << 20;

    private BackupBenchmark() {}

    /**
     * Arguments: a directory to work in, which is emptied afterwards; perhaps how many memories.
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("child")) {
            child(arguments);
            return;
        }
        int records = arguments.length > 1 ? Integer.parseInt(arguments[1]) : RECORDS;
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "loam-bench");
        try {
            make(directory.resolve("store"), records);
            System.out.printf("%nbackups of %,d memories, JVMs of 128 MiB%n", records);
            for (int level : new int[] {0, BackupOptions.LEVEL}) {
                start("backup", directory, String.valueOf(level));
            }
            start("restore", directory, "-");
        } finally {
            Benchmarks.delete(directory);
        }
    }

    private static void make(Path store, int records) throws Exception {
        try (Loam loam = Loam.open(store, LoamOptions.unencrypted())) {
            Benchmarks.putAll(
                    loam.vault("main"),
                    records,
                    CALLERS,
                    i -> Memory.of(Benchmarks.sentence(40)).key("k" + i));
        }
    }

    private static void start(String what, Path directory, String level)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.matches("--(add-|sun-misc-|enable-native-).*"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx128m", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(BackupBenchmark.class.getName(), "child", what));
        command.addAll(List.of(directory.toString(), level));
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0) {
            throw new AssertionError(what + " ended with " + code);
        }
    }

    private static void child(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[2]);
        if (arguments[1].equals("restore")) {
            restore(directory);
        } else {
            for (int round = 1; round <= ROUNDS; round++) {
                System.out.printf(
                        "level %s, round %d%s%n",
                        arguments[3], round, round == 1 ? ", the first of its process" : "");
                backUp(directory, Integer.parseInt(arguments[3]));
            }
        }
        ScaleStep.print("  most of the heap that was in use", heapPeakMebibytes(), "MiB");
    }

    private static void backUp(Path directory, int level) throws IOException {
        double copying = copy(directory);
        Path backup = directory.resolve("backup-" + level);
        if (Files.exists(backup)) {
            Benchmarks.delete(backup);
        }
        double backingUp;
        try (Loam loam = Loam.open(directory.resolve("store"), LoamOptions.unencrypted())) {
            long began = System.nanoTime();
            BackupReport report =
                    loam.backup(BackupOptions.into(backup).level(level), Progress.NONE);
            backingUp = ScaleStep.seconds(began);
            ScaleStep.print("  backup", backingUp, "s");
            ScaleStep.print(
                    "    of content", report.generation().rawBytes() / MIB / backingUp, "MiB/s");
            ScaleStep.print("    written", report.bytesWritten() / MIB, "MiB");
        }
        ScaleStep.print("    beside the copy", copying / backingUp, "times its speed");
        if (level > 0) {
            double packing = deflate(directory.resolve("backup-0"));
            ScaleStep.print("    beside Deflate", packing / backingUp, "times its speed");
        }
    }

    private static void restore(Path directory) {
        long began = System.nanoTime();
        Backups.in(directory.resolve("backup-" + BackupOptions.LEVEL))
                .restore(
                        Optional.empty(),
                        directory.resolve("restored"),
                        LoamOptions.unencrypted(),
                        Progress.NONE);
        ScaleStep.print("restore, index and digest included", ScaleStep.seconds(began), "s");
    }

    /** The sum of each part's highest, at whatever moments. */
    private static double heapPeakMebibytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .mapToLong(pool -> pool.getPeakUsage().getUsed())
                        .sum()
                / MIB;
    }

    /** By a buffer, as `cp` does where the file system cannot share blocks, and forced; seconds. */
    private static double copy(Path directory) throws IOException {
        Path target = Files.createDirectory(directory.resolve("copy"));
        List<Path> segments;
        try (Stream<Path> files = Files.walk(directory.resolve("store").resolve("log"))) {
            segments = files.filter(file -> file.toString().endsWith(".cq4")).toList();
        }
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        int copied = 0;
        long bytes = 0;
        long began = System.nanoTime();
        for (Path segment : segments) {
            try (FileChannel from = FileChannel.open(segment, StandardOpenOption.READ);
                    FileChannel to =
                            FileChannel.open(
                                    target.resolve(String.valueOf(copied++)),
                                    StandardOpenOption.CREATE_NEW,
                                    StandardOpenOption.WRITE)) {
                while (from.read(buffer.clear()) > 0) {
                    buffer.flip();
                    bytes += buffer.remaining();
                    while (buffer.hasRemaining()) {
                        to.write(buffer);
                    }
                }
                to.force(true);
            }
        }
        double seconds = ScaleStep.seconds(began);
        Benchmarks.delete(target);
        ScaleStep.print("  copy of the log's files, forced", bytes / MIB / seconds, "MiB/s");
        return seconds;
    }

    /** What the units at level 0 hold, packed and thrown away; seconds. */
    private static double deflate(Path backup) throws IOException {
        List<Path> units;
        try (Stream<Path> files = Files.list(backup.resolve("units"))) {
            units = files.toList();
        }
        byte[] in = new byte[BUFFER_BYTES];
        byte[] out = new byte[BUFFER_BYTES];
        long bytes = 0;
        long nanos = 0;
        for (Path unit : units) {
            try (InputStream content = Files.newInputStream(unit);
                    Deflater deflater = new Deflater(BackupOptions.LEVEL)) {
                int count;
                while ((count = content.readNBytes(in, 0, in.length)) > 0) {
                    long began = System.nanoTime();
                    deflater.setInput(in, 0, count);
                    while (!deflater.needsInput()) {
                        deflater.deflate(out);
                    }
                    nanos += System.nanoTime() - began;
                    bytes += count;
                }
            }
        }
        ScaleStep.print("  Deflate alone", bytes / MIB / (nanos / 1e9), "MiB/s of content");
        return nanos / 1e9;
    }
}

package dev.loam.longrun;

import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.Progress;
import dev.loam.RebuildReport;
import dev.loam.Vault;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Semaphore;

/** One step of {@link ScaleBenchmarks}, in a JVM of its own. */
public final class ScaleStep {
    private static final int CALLERS = 2_000;
    private static final int TEXT_BYTES = 300;
    private static final int READS = 2_000;
    private static final long MIB = 1 << 20;

    private ScaleStep() {}

    /** Arguments: the step, the store's directory, how many memories where they are written. */
    public static void main(String[] arguments) throws Exception {
        Path store = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "fill" -> fill(store, Integer.parseInt(arguments[2]));
            case "scan" -> LogScan.run(store);
            case "serve" -> serve(store, Integer.parseInt(arguments[2]));
            case "rebuild" -> rebuild(store);
            case "tail" -> tail(store, Integer.parseInt(arguments[2]));
            case "reopen" -> reopen(store);
            default -> throw new AssertionError("no such step: " + arguments[0]);
        }
    }

    private static Loam open(Path store) {
        return Loam.open(store, LoamOptions.unencrypted());
    }

    private static void fill(Path store, int count) throws Exception {
        long began = System.nanoTime();
        try (Loam loam = open(store)) {
            putAll(loam.vault("main"), "k", count);
            print("writing %,d memories of 300 B".formatted(count), seconds(began), "s");
            began = System.nanoTime();
        }
        print("closing", seconds(began), "s");
    }

    private static void tail(Path store, int count) throws Exception {
        Loam loam = open(store);
        putAll(loam.vault("main"), "tail", count);
        System.out.println("written");
        // Waits to be killed.
        new Semaphore(0).acquire();
        loam.close();
    }

    private static void serve(Path store, int records) {
        long began = System.nanoTime();
        try (Loam loam = open(store)) {
            print("opening, cleanly closed", seconds(began), "s");
            Vault vault = loam.vault("main");
            for (int i = 0; i < READS; i++) {
                String key = "k" + (i * 31L * 4_099L) % records;
                if (vault.get(key).isEmpty()) {
                    throw new AssertionError(key + " is lost");
                }
                vault.put(Memory.of(text()).key("served" + i));
            }
            for (int i = 0; i < READS / 20; i++) {
                vault.recall(Benchmarks.sentence(6), 10);
            }
            print("heap in use after reads, writes and recalls", heapMebibytes(), "MiB");
        }
    }

    private static void rebuild(Path store) {
        try (Loam loam = open(store)) {
            RebuildReport report = loam.rebuild(Progress.NONE);
            if (!report.digestBefore().equals(report.digestAfter())) {
                throw new AssertionError("the rebuilt state differs");
            }
            print(
                    "rebuilding from %,d batches".formatted(report.batches()),
                    report.elapsedMillis() / 1e3,
                    "s");
            print("processor time of all that", processorSeconds(), "s");
            print("heap in use after it", heapMebibytes(), "MiB");
        }
    }

    private static void reopen(Path store) {
        long began = System.nanoTime();
        try (Loam loam = open(store)) {
            print(
                    "reopening, %,d batches replayed"
                            .formatted(loam.openReport().replayedBatches()),
                    seconds(began),
                    "s");
            loam.openReport().notes().forEach(System.out::println);
        }
    }

    private static double processorSeconds() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
    }

    private static double heapMebibytes() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return (double) memory.getHeapMemoryUsage().getUsed() / MIB;
    }

    private static String text() {
        return Benchmarks.textOf(TEXT_BYTES);
    }

    private static void putAll(Vault vault, String prefix, int count) throws Exception {
        Benchmarks.putAll(vault, count, CALLERS, i -> Memory.of(text()).key(prefix + i));
    }

    static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    static void print(String what, double figure, String unit) {
        System.out.printf(Locale.ROOT, "%-55s %,12.2f %s%n", what, figure, unit);
    }
}

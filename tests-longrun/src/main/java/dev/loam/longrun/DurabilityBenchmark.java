package dev.loam.longrun;

import dev.loam.Durability;
import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.Vault;
import dev.loam.core.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What an answered write costs at each {@link Durability}, through the whole engine. */
final class DurabilityBenchmark {
    private static final int CALLERS = 64;
    private static final int TEXT_BYTES = 270;
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Made before the turns, since to make one takes as long as to write it without a force. */
    private static final List<Bytes> TEXTS =
            Stream.generate(() -> Bytes.ofUtf8(Benchmarks.textOf(TEXT_BYTES)))
                    .limit(4_096)
                    .toList();

    private static final Callers MANY =
            new Callers(CALLERS, DurabilityBenchmark::anyText, TURN_NANOS);
    private static final Callers ONE = new Callers(1, DurabilityBenchmark::anyText, TURN_NANOS);

    private DurabilityBenchmark() {}

    static void run(Path directory) throws Exception {
        try (Level wal = Level.open(directory, Durability.WAL);
                Level none = Level.open(directory, Durability.NONE);
                Level full = Level.open(directory, Durability.FULL)) {
            new Rounds("memories of %d B put in a store, 64 callers".formatted(TEXT_BYTES))
                    .with("WAL", () -> wal.rate(MANY))
                    .with("NONE", () -> none.rate(MANY))
                    .with("FULL", () -> full.rate(MANY))
                    .run();
            new Rounds("memories of %d B put in a store, one caller".formatted(TEXT_BYTES))
                    .with("WAL", () -> wal.timedRate(ONE))
                    .with("NONE", () -> none.timedRate(ONE))
                    .with("FULL", () -> full.timedRate(ONE))
                    .run();
            wal.printTimes();
            none.printTimes();
            full.printTimes();
        }
    }

    private static Bytes anyText() {
        return TEXTS.get(ThreadLocalRandom.current().nextInt(TEXTS.size()));
    }

    /** A store that is open at one level. */
    private record Level(Durability durability, Loam loam, Vault vault, List<Long> nanos)
            implements AutoCloseable {
        static Level open(Path directory, Durability durability) {
            LoamOptions options = LoamOptions.unencrypted().durability(durability);
            Loam loam = Loam.open(directory.resolve("level-" + durability), options);
            return new Level(durability, loam, loam.vault("main"), new ArrayList<>());
        }

        double rate(Callers callers) throws Exception {
            double rate = callers.rate(this::put);
            settle();
            return rate;
        }

        /** The same, keeping how long each put took; for one caller. */
        double timedRate(Callers one) throws Exception {
            double rate =
                    one.rate(
                            text -> {
                                long began = System.nanoTime();
                                put(text);
                                nanos.add(System.nanoTime() - began);
                            });
            settle();
            return rate;
        }

        private void put(Bytes text) {
            vault.put(Memory.of(text.toUtf8()));
        }

        /** Else the next one's turn would pay for what this level leaves until later. */
        private void settle() {
            loam.flush();
            vault.recall("settle", 1);
        }

        void printTimes() {
            Benchmarks.print(
                    "  put at " + durability + ", one caller",
                    nanos.stream().mapToLong(Long::longValue).toArray());
        }

        @Override
        public void close() {
            loam.close();
        }
    }
}

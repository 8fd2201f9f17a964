package dev.loam.longrun;

import dev.loam.Durability;
import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.SyncOptions;
import dev.loam.SyncReport;
import dev.loam.Vault;
import dev.loam.server.PeerClient;
import dev.loam.server.PeerServer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * An empty store gets all that another holds, over TLS on loopback. The sender's index has caught
 * up before; beside it stands what one caller writes of the same records into an empty store
 * without a wait for the disk, since a receiver can be no faster than its own log and index.
 */
final class FirstSyncBenchmark {
    private static final int RECORDS = 100_000;
    private static final int RECORD_BYTES = 300;
    private static final int RUNS = 3;
    private static final double PAYLOAD_MEGABYTES = RECORDS * RECORD_BYTES / 1e6;
    private static final double NANOS = 1e9;

    private final Path directory;
    private final int batch;

    /**
     * @param batch records that were written at once
     */
    FirstSyncBenchmark(Path directory, int batch) {
        this.directory = directory.resolve("first-sync-" + batch);
        this.batch = batch;
    }

    void run() throws Exception {
        try (Loam full = open("full", Durability.NONE)) {
            fill(full);
            awaitSearchable(full);
            double[] received = new double[RUNS];
            double[] indexed = new double[RUNS];
            double[] written = new double[RUNS];
            for (int i = -1; i < RUNS; i++) {
                Turn sync = sync(full, "empty" + i);
                double local = write("written" + i);
                if (i >= 0) {
                    received[i] = sync.received();
                    indexed[i] = sync.searchable();
                    written[i] = local;
                }
            }
            System.out.printf(
                    "first sync, %,d records of %d B in batches of %d, MB/s of payload%n",
                    RECORDS, RECORD_BYTES, batch);
            print("received, durable and visible", received);
            print("the same until searchable", indexed);
            print("the same records written by one caller, no force", written);
            heap(full);
        }
    }

    /**
     * @param received seconds until the session was over
     * @param searchable seconds until a recall found all of it
     */
    private record Turn(double received, double searchable) {}

    private Turn sync(Loam full, String name) {
        try (Loam empty = open(name, Durability.WAL)) {
            long start = System.nanoTime();
            SyncReport report = pull(empty, full);
            double received = seconds(start);
            awaitSearchable(empty);
            double searchable = seconds(start);
            if (!report.isDone() || report.toReceive().operations() < RECORDS) {
                throw new AssertionError("not all was received: " + report.reason());
            }
            return new Turn(received, searchable);
        }
    }

    private static SyncReport pull(Loam empty, Loam full) {
        try (PeerServer server = PeerServer.start(full, 0, new Silent())) {
            return PeerClient.sync(
                    empty, SyncBenchmarks.pair(empty, full, server), SyncOptions.once());
        }
    }

    private double write(String name) {
        try (Loam local = open(name, Durability.NONE)) {
            long start = System.nanoTime();
            fill(local);
            return seconds(start);
        }
    }

    /** Apart from the rest, since collecting to sample the heap slows a sync down. */
    private void heap(Loam full) {
        try (Loam empty = open("sampled", Durability.WAL);
                HeapPeak heap = HeapPeak.start()) {
            SyncReport report = pull(empty, full);
            System.out.printf(
                    "  heap of both sides %,d MiB above idle at most; %.2f bytes received for each"
                            + " of payload%n",
                    heap.aboveIdle() >> 20,
                    (double) report.receivedBytes() / ((double) RECORDS * RECORD_BYTES));
        }
    }

    private Loam open(String name, Durability durability) {
        return Loam.open(directory.resolve(name), LoamOptions.unencrypted().durability(durability));
    }

    private static void awaitSearchable(Loam loam) {
        loam.vault(SyncBenchmarks.VAULT).recall("nothing", 1);
    }

    private void fill(Loam loam) {
        Vault vault = loam.vault(SyncBenchmarks.VAULT);
        Random random = new Random(7);
        for (int i = 0; i < RECORDS; i += batch) {
            int first = i;
            vault.write(
                    changes -> {
                        for (int j = first; j < first + batch; j++) {
                            changes.put(Memory.of(text(random)).key("key-" + j));
                        }
                    });
        }
    }

    /** Words of letters and figures, 50 in a record, 10,000 different. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder(RECORD_BYTES);
        while (text.length() < RECORD_BYTES) {
            text.append("word").append(random.nextInt(10_000)).append(' ');
        }
        return text.substring(0, RECORD_BYTES);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / NANOS;
    }

    private static void print(String what, double[] seconds) {
        double[] sorted = Arrays.stream(seconds).sorted().toArray();
        System.out.printf(
                "  %-50s median %5.1f   slowest %5.1f%n",
                what, PAYLOAD_MEGABYTES / sorted[RUNS / 2], PAYLOAD_MEGABYTES / sorted[RUNS - 1]);
    }

    /** Samples what the heap holds after collections. */
    private static final class HeapPeak implements AutoCloseable {
        private static final long EVERY_MILLIS = 200;

        private final long idle = live();
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile long peak = idle;

        static HeapPeak start() {
            HeapPeak heap = new HeapPeak();
            Thread.ofPlatform().daemon().start(heap::sample);
            return heap;
        }

        private static long live() {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            return runtime.totalMemory() - runtime.freeMemory();
        }

        private void sample() {
            try {
                while (!ended.await(EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                    peak = Math.max(peak, live());
                }
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
            }
        }

        long aboveIdle() {
            return peak - idle;
        }

        @Override
        public void close() {
            ended.countDown();
        }
    }
}

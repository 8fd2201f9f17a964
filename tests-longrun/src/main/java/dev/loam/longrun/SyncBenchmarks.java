package dev.loam.longrun;

import dev.loam.Durability;
import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.Peer;
import dev.loam.SyncOptions;
import dev.loam.SyncReport;
import dev.loam.Vault;
import dev.loam.core.ErrorCode;
import dev.loam.server.PeerClient;
import dev.loam.server.PeerListener;
import dev.loam.server.PeerServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What a sync costs, between two stores of this process over TLS on loopback. Started by {@code
 * tools/bench sync}; no test asserts on the figures.
 */
public final class SyncBenchmarks {
    private static final String VAULT = "main";
    private static final int ACTORS = 32;
    private static final int PUTS = 200;
    private static final int WARM_UP = 50;
    private static final int RECORDS = 100_000;
    private static final int RECORD_BYTES = 300;
    private static final int BATCH = 100;
    private static final double MILLIS = 1e6;
    private static final double MEGA = 1e6;
    private static final double NANOS = 1e9;

    private final Path directory;

    private SyncBenchmarks(Path directory) {
        this.directory = directory;
    }

    /** Arguments: a directory to work in. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "loam-sync");
        try {
            SyncBenchmarks benchmarks = new SyncBenchmarks(directory);
            benchmarks.handshake();
            benchmarks.latency();
            benchmarks.firstSync(BATCH);
            benchmarks.firstSync(1);
        } finally {
            Benchmarks.delete(directory);
        }
    }

    private Loam open(String name) {
        return Loam.open(
                directory.resolve(name), LoamOptions.unencrypted().durability(Durability.WAL));
    }

    private static Peer pair(Loam guest, Loam host, PeerServer server) {
        host.addPeer(asPeer(guest, List.of()));
        Peer there = asPeer(host, List.of("127.0.0.1:" + server.port()));
        guest.addPeer(there);
        return there;
    }

    private static Peer asPeer(Loam loam, List<String> addresses) {
        return new Peer(loam.identity().id(), loam.identity().publicKey(), "bench", addresses);
    }

    /** Bytes of the frames by which two stores find that neither lacks anything. */
    private void handshake() throws Exception {
        try (Loam hub = open("hub")) {
            hub.vault(VAULT).put(Memory.of("first").key("0"));
            Optional<SyncReport> idle = Optional.empty();
            try (PeerServer server = PeerServer.start(hub, 0, new Silent())) {
                for (int i = 1; i < ACTORS; i++) {
                    try (Loam guest = open("guest" + i)) {
                        Peer host = pair(guest, hub, server);
                        SyncReport _ = PeerClient.sync(guest, host, SyncOptions.once());
                        guest.vault(VAULT).put(Memory.of("of guest " + i).key("k" + i));
                        SyncReport _ = PeerClient.sync(guest, host, SyncOptions.once());
                        idle = Optional.of(PeerClient.sync(guest, host, SyncOptions.once()));
                    }
                }
            }
            System.out.printf(
                    "handshake, %d actors in sync: %,d bytes sent, %,d received, %s%n",
                    hub.vaults().getFirst().actors(),
                    idle.orElseThrow().sentBytes(),
                    idle.orElseThrow().receivedBytes(),
                    idle.orElseThrow().reason());
        }
    }

    /** From the call of put on one device until get on the other returns the memory. */
    private void latency() throws Exception {
        try (Loam one = open("one");
                Loam other = open("other");
                PeerServer server = PeerServer.start(other, 0, new Silent())) {
            Vault vault = one.vault(VAULT);
            vault.put(Memory.of("first").key("first"));
            Peer host = pair(one, other, server);
            SyncOptions live = SyncOptions.live();
            Semaphore moved = new Semaphore(0);
            SyncOptions told = live.progress((durable, bytes, total) -> moved.release());
            CompletableFuture<SyncReport> session =
                    CompletableFuture.supplyAsync(() -> PeerClient.sync(one, host, told));
            awaitVisible(other, "first", moved);
            long[] nanos = new long[PUTS];
            for (int i = -WARM_UP; i < PUTS; i++) {
                String key = "k" + i;
                long start = System.nanoTime();
                vault.put(Memory.of("memory " + i).key(key));
                awaitVisible(other, key, moved);
                if (i >= 0) {
                    nanos[i] = System.nanoTime() - start;
                }
            }
            live.pause().pause();
            session.join();
            Arrays.sort(nanos);
            System.out.printf(
                    "live, put here until visible there: p50 %.1f ms, p99 %.1f ms, max %.1f ms%n",
                    nanos[PUTS / 2] / MILLIS,
                    nanos[PUTS * 99 / 100] / MILLIS,
                    nanos[PUTS - 1] / MILLIS);
        }
    }

    /** Looks after each progress of the sender, which hears of it when the batch is durable. */
    private static void awaitVisible(Loam loam, String key, Semaphore moved) throws Exception {
        while (loam.vaults().isEmpty() || loam.vault(VAULT).get(key).isEmpty()) {
            moved.acquire();
        }
    }

    /** Twice: collecting to sample the heap slows a sync down, so that its speed is its own run. */
    private void firstSync(int batch) throws Exception {
        String name = "batches" + batch;
        double payload = (double) RECORDS * RECORD_BYTES;
        try (Loam full = open(name)) {
            fill(full.vault(VAULT), batch);
            long start = System.nanoTime();
            SyncReport report = pull(full, name + "-empty");
            double seconds = (System.nanoTime() - start) / NANOS;
            System.out.printf(
                    "first sync, %,d records of %d B in batches of %d: %s, %.1f MB/s of payload,"
                            + " %.1f s, %.2f bytes received for each of payload%n",
                    RECORDS,
                    RECORD_BYTES,
                    batch,
                    report.reason(),
                    payload / MEGA / seconds,
                    seconds,
                    (double) report.receivedBytes() / payload);
            try (HeapPeak heap = HeapPeak.start()) {
                SyncReport _ = pull(full, name + "-sampled");
                System.out.printf(
                        "  heap of both sides %,d MiB above idle at most%n",
                        heap.aboveIdle() >> 20);
            }
        }
    }

    private SyncReport pull(Loam full, String name) {
        try (Loam empty = open(name);
                PeerServer server = PeerServer.start(full, 0, new Silent())) {
            return PeerClient.sync(empty, pair(empty, full, server), SyncOptions.once());
        }
    }

    private static void fill(Vault vault, int batch) {
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

    /** Words of letters, that compress about as English does. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder(RECORD_BYTES);
        while (text.length() < RECORD_BYTES) {
            text.append("word").append(random.nextInt(10_000)).append(' ');
        }
        return text.substring(0, RECORD_BYTES);
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

    private static final class Silent implements PeerListener {
        @Override
        public void paired(Peer peer) {}

        @Override
        public void synced(SyncReport report) {}

        @Override
        public void refused(String address, ErrorCode code, String why) {
            System.err.println(code + " " + why);
        }
    }
}

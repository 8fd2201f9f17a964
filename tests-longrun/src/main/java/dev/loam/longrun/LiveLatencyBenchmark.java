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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * From the call of put on one device until get on the other returns the memory, over TLS on
 * loopback, both at {@code WAL}; and where that time goes. Beside it stands by how much a wait of
 * as long as a session gathers writes comes late on this machine: no figure here can be better than
 * twice that.
 */
final class LiveLatencyBenchmark {
    private static final int PUTS = 500;
    private static final int WARM_UP = 200;
    private static final long GATHER_NANOS = 10_000_000;
    private static final double MILLIS = 1e6;

    private final Path directory;
    private final long[] written = new long[PUTS];
    private final long[] planned = new long[PUTS];
    private final long[] visible = new long[PUTS];
    private final long[] late = new long[PUTS];

    LiveLatencyBenchmark(Path directory) {
        this.directory = directory;
    }

    void run() throws Exception {
        Semaphore announced = new Semaphore(0);
        Semaphore arrived = new Semaphore(0);
        SyncOptions serving =
                SyncOptions.live().progress((durable, bytes, total) -> arrived.release());
        SyncOptions calling =
                SyncOptions.live().progress((durable, bytes, total) -> announced.release());
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Loam one = open("one");
                Loam other = open("other");
                PeerServer server = PeerServer.start(other, loopback, new Silent(), serving)) {
            Vault vault = one.vault(SyncBenchmarks.VAULT);
            vault.put(Memory.of("first").key("first"));
            var host = SyncBenchmarks.pair(one, other, server);
            CompletableFuture<SyncReport> session =
                    CompletableFuture.supplyAsync(() -> PeerClient.sync(one, host, calling));
            awaitVisible(other, "first", arrived);
            for (int i = -WARM_UP; i < PUTS; i++) {
                String key = "k" + i;
                long wait = System.nanoTime();
                LockSupport.parkNanos(GATHER_NANOS);
                // What earlier puts have still brought about.
                announced.drainPermits();
                long start = System.nanoTime();
                vault.put(Memory.of("memory " + i).key(key));
                long put = System.nanoTime();
                announced.acquire();
                long plan = System.nanoTime();
                awaitVisible(other, key, arrived);
                if (i >= 0) {
                    late[i] = start - wait - GATHER_NANOS;
                    written[i] = put - start;
                    planned[i] = plan - put;
                    visible[i] = System.nanoTime() - start;
                }
            }
            calling.pause().pause();
            session.join();
        }
        print("live, put here until visible there", visible);
        print("  of that the put itself", written);
        print("  then until its sender has announced it", planned);
        print("a wait of 10 ms comes late by", late);
    }

    private Loam open(String name) {
        return Loam.open(
                directory.resolve(name), LoamOptions.unencrypted().durability(Durability.WAL));
    }

    /** Looks after each progress of the receiver, which hears of it when the batch is durable. */
    private static void awaitVisible(Loam loam, String key, Semaphore arrived) throws Exception {
        while (loam.vaults().isEmpty() || loam.vault(SyncBenchmarks.VAULT).get(key).isEmpty()) {
            arrived.acquire();
        }
    }

    private static void print(String what, long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        System.out.printf(
                Locale.ROOT,
                "%-45s p50 %5.1f ms   p90 %5.1f   p99 %5.1f   max %5.1f%n",
                what,
                sorted[PUTS / 2] / MILLIS,
                sorted[PUTS * 9 / 10] / MILLIS,
                sorted[PUTS * 99 / 100] / MILLIS,
                sorted[PUTS - 1] / MILLIS);
    }
}

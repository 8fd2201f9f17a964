package dev.loam.longrun;

import dev.loam.Durability;
import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.Peer;
import dev.loam.SyncOptions;
import dev.loam.SyncReport;
import dev.loam.server.PeerClient;
import dev.loam.server.PeerServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a sync costs, between two stores of this process over TLS on loopback. Started by {@code
 * tools/bench sync}; no test asserts on the figures.
 */
public final class SyncBenchmarks {
    static final String VAULT = "main";
    private static final int ACTORS = 32;
    private static final int BATCH = 100;
    private static final List<String> PARTS =
            List.of("handshake", "latency", "wire", "first", "first-singly");

    private final Path directory;

    private SyncBenchmarks(Path directory) {
        this.directory = directory;
    }

    /**
     * Arguments: a directory to work in; those of the {@link #PARTS} that are to run, all if none
     * is named.
     */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "loam-sync");
        List<String> parts = Arrays.asList(arguments).subList(1, arguments.length);
        try {
            for (String part : parts.isEmpty() ? PARTS : parts) {
                new SyncBenchmarks(directory).run(part);
            }
        } finally {
            Benchmarks.delete(directory);
        }
    }

    private void run(String part) throws Exception {
        switch (part) {
            case "handshake" -> handshake();
            case "latency" -> new LiveLatencyBenchmark(directory.resolve("live")).run();
            case "wire" -> new WireBenchmark(directory).run();
            case "first" -> new FirstSyncBenchmark(directory, BATCH).run();
            case "first-singly" -> new FirstSyncBenchmark(directory, 1).run();
            default -> throw new IllegalArgumentException("no part is called " + part);
        }
    }

    private Loam open(String name) {
        return Loam.open(
                directory.resolve(name), LoamOptions.unencrypted().durability(Durability.WAL));
    }

    static Peer pair(Loam guest, Loam host, PeerServer server) {
        host.addPeer(asPeer(guest, List.of()));
        Peer there = asPeer(host, List.of("127.0.0.1:" + server.port()));
        guest.addPeer(there);
        return there;
    }

    /** Makes each a peer of the other, without an address. */
    static void introduce(Loam one, Loam other) {
        one.addPeer(asPeer(other, List.of()));
        other.addPeer(asPeer(one, List.of()));
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
}

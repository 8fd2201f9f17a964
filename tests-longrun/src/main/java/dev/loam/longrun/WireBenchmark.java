package dev.loam.longrun;

import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.PeerLink;
import dev.loam.SyncOptions;
import dev.loam.SyncReport;
import dev.loam.Update;
import dev.loam.Vault;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.zip.Deflater;

/**
 * Bytes that a batch of 100 short updates takes on the link, all frames of its sender's session
 * counted; and what Deflate would make of each frame.
 */
final class WireBenchmark {
    private static final int RECORDS = 100;
    private static final int RUNS = 11;

    private final Path directory;
    private final Random random = new Random(7);

    WireBenchmark(Path directory) {
        this.directory = directory.resolve("wire");
    }

    void run() throws Exception {
        try (Loam one = open("one");
                Loam other = open("other")) {
            SyncBenchmarks.introduce(one, other);
            Vault vault = one.vault(SyncBenchmarks.VAULT);
            vault.write(
                    changes -> {
                        for (int i = 0; i < RECORDS; i++) {
                            changes.put(Memory.of("memory " + i).key("key-" + i));
                        }
                    });
            List<Bytes> idle = List.of();
            int[] plain = new int[RUNS];
            int[] deflated = new int[RUNS];
            for (int i = 0; i < RUNS; i++) {
                List<Bytes> _ = frames(one, other);
                idle = frames(one, other);
                update(vault);
                List<Bytes> frames = frames(one, other);
                plain[i] = frames.stream().mapToInt(Bytes::size).sum();
                deflated[i] = frames.stream().mapToInt(WireBenchmark::deflated).sum();
            }
            Arrays.sort(plain);
            Arrays.sort(deflated);
            System.out.printf(
                    "a batch of %d updates of a short field, all frames of its sender, median of"
                            + " %d: %,d bytes, deflated %,d; of those %,d without any update%n",
                    RECORDS,
                    RUNS,
                    plain[RUNS / 2],
                    deflated[RUNS / 2],
                    idle.stream().mapToInt(Bytes::size).sum());
        }
    }

    private void update(Vault vault) {
        vault.write(
                changes -> {
                    for (int i = 0; i < RECORDS; i++) {
                        changes.update(
                                "key-" + i,
                                Update.none().set("field", "v" + random.nextInt(1_000)));
                    }
                });
    }

    private static List<Bytes> frames(Loam from, Loam to) {
        List<MemoryLink> ends = MemoryLink.between(from, to);
        Heard heard = new Heard(ends.get(0), new ArrayList<>());
        CompletableFuture<SyncReport> receiving =
                CompletableFuture.supplyAsync(() -> to.sync(ends.get(1), SyncOptions.once()));
        SyncReport report = from.sync(heard, SyncOptions.once());
        if (!report.isDone() || !receiving.join().isDone()) {
            throw new AssertionError("the sync ended with " + report.reason());
        }
        return heard.frames();
    }

    private static int deflated(Bytes frame) {
        Deflater deflater = new Deflater();
        deflater.setInput(frame.toArray());
        deflater.finish();
        int size = deflater.deflate(new byte[2 * frame.size() + 64]);
        deflater.end();
        return Math.min(size, frame.size());
    }

    private Loam open(String name) {
        return Loam.open(directory.resolve(name), LoamOptions.unencrypted());
    }

    /** Keeps what is sent. */
    private record Heard(PeerLink link, List<Bytes> frames) implements PeerLink {
        @Override
        public DeviceId peer() {
            return link.peer();
        }

        @Override
        public void send(Bytes frame) {
            frames.add(frame);
            link.send(frame);
        }

        @Override
        public Bytes receive() {
            return link.receive();
        }

        @Override
        public void close() {
            link.close();
        }
    }
}

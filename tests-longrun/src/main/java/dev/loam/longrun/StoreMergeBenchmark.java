package dev.loam.longrun;

import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.SyncOptions;
import dev.loam.SyncReport;
import dev.loam.Update;
import dev.loam.Vault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The updates of {@link MergeBenchmark} through whole stores at {@code WAL}: log, state and index,
 * no vectors. Written as batches by three callers; and received as a peer's batches, over a link in
 * memory, until the receiver has all of it on the disk and visible.
 */
final class StoreMergeBenchmark implements AutoCloseable {
    private static final int CALLERS = 3;
    private static final int RECORDS = 10_000;
    private static final int FIELDS = 4;
    private static final int UPDATES = 100_000;
    private static final int BATCH = 100;
    private static final long SEED = 20261121;

    private final Path directory;

    /** Whose batches are received. */
    private final Loam author;

    private int opened;

    private StoreMergeBenchmark(Path directory) throws Exception {
        this.directory = directory;
        this.author = open();
        fill(author);
        update(author);
    }

    static void run(Path directory) throws Exception {
        try (StoreMergeBenchmark work = new StoreMergeBenchmark(directory)) {
            new Rounds("the same through log, state and index, at WAL; operations")
                    .with("written by 3 callers, 100 a batch", work::write)
                    .with("received from a peer, which writes none", work::receive)
                    .run();
        }
    }

    private double write() throws Exception {
        try (Loam store = open()) {
            fill(store);
            return UPDATES / update(store);
        }
    }

    private double receive() throws Exception {
        try (Loam receiver = open();
                ExecutorService peer = Executors.newSingleThreadExecutor()) {
            SyncBenchmarks.introduce(author, receiver);
            List<MemoryLink> ends = MemoryLink.between(author, receiver);
            long began = System.nanoTime();
            Future<SyncReport> sent =
                    peer.submit(() -> author.sync(ends.get(0), SyncOptions.once()));
            SyncReport report = receiver.sync(ends.get(1), SyncOptions.once());
            double seconds = ScaleStep.seconds(began);
            if (!report.isDone() || !sent.get().digest().equals(report.digest())) {
                throw new AssertionError("not all was received: " + report.reason());
            }
            return report.toReceive().operations() / seconds;
        }
    }

    private Loam open() {
        return Loam.open(directory.resolve("merge-" + opened++), LoamOptions.unencrypted());
    }

    private static void fill(Loam store) {
        Vault vault = store.vault("main");
        for (int next = 0; next < RECORDS; next += BATCH) {
            int first = next;
            vault.write(
                    batch -> {
                        for (int i = first; i < first + BATCH; i++) {
                            batch.put(Memory.of("memory " + i).key(key(i)));
                        }
                    });
        }
    }

    /** Returns how many seconds it took. */
    private static double update(Loam store) throws Exception {
        Vault vault = store.vault("main");
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            long began = System.nanoTime();
            List<Future<?>> ends = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                Random random = new Random(SEED + caller);
                int batches =
                        UPDATES / BATCH / CALLERS + (caller < UPDATES / BATCH % CALLERS ? 1 : 0);
                ends.add(
                        callers.submit(
                                () -> {
                                    for (int i = 0; i < batches; i++) {
                                        write(vault, random);
                                    }
                                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
            return ScaleStep.seconds(began);
        }
    }

    private static void write(Vault vault, Random random) {
        vault.write(
                batch -> {
                    for (int i = 0; i < BATCH; i++) {
                        batch.update(
                                key(random.nextInt(RECORDS)),
                                Update.none()
                                        .set(
                                                "field" + random.nextInt(FIELDS),
                                                "v" + random.nextInt(1_000_000)));
                    }
                });
    }

    private static String key(int number) {
        return "r%05d".formatted(number);
    }

    @Override
    public void close() {
        author.close();
    }
}

package dev.loam.longrun;

import dev.loam.core.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;

/**
 * Merging 100,000 field updates over 10,000 records from three actors, who write 100 at a time
 * beside one another and then hear of each other. Library level: no log, no index.
 */
final class MergeBenchmark {
    private static final int ACTORS = 3;
    private static final int RECORDS = 10_000;
    private static final int FIELDS = 4;
    private static final int UPDATES = 100_000;
    private static final int BATCH = 100;

    /** More of them take Automerge minutes, and each one longer than the one before. */
    private static final int FEW_BATCHES = 60;

    private static final long SEED = 20261121;

    private final Random random = new Random(SEED);
    private final MergeGroup group = new MergeGroup(ACTORS, random);
    private final List<MergeReplica.Sent> sent = new ArrayList<>();

    /** The same work for others: a line a batch, parted by tabs. */
    private final StringBuilder lines = new StringBuilder();

    private int round;
    private int updates;

    private MergeBenchmark() {
        sent.add(group.founding());
        while (updates < UPDATES) {
            List<MergeReplica.Sent> batches = new ArrayList<>();
            for (int i = 0; i < ACTORS && updates < UPDATES; i++) {
                batches.add(group.write(i, edits(i)));
            }
            group.exchange(batches);
            sent.addAll(batches);
            round++;
        }
    }

    /**
     * @param peers where the adapters of the other libraries are
     * @param directory to work in
     */
    static void run(Path peers, Path directory) throws Exception {
        MergeBenchmark work = new MergeBenchmark();
        Path file = Files.writeString(directory.resolve("updates"), work.lines);
        long bytes = work.sent.stream().mapToLong(each -> each.encoded().size()).sum();
        System.out.printf(
                "%,d updates of short fields, 100 a batch; bytes of the batches, an update:%n",
                work.updates);
        tell("Loam", (double) bytes / work.updates);
        Rounds rounds =
                new Rounds("merging them into an empty replica, one thread")
                        .with("Loam: decode, gate, chain, apply", work::merge);
        List<MergePeer> started = new ArrayList<>();
        try {
            for (String library : MergePeer.LIBRARIES) {
                int batches = library.equals("automerge") ? FEW_BATCHES : work.sent.size();
                try {
                    MergePeer peer = MergePeer.start(peers, library, file, batches);
                    started.add(peer);
                    tell(peer.name(), peer.bytesPerUpdate());
                    rounds.with(
                            "%s, %,d updates".formatted(peer.name(), peer.updates()), peer::merge);
                } catch (IOException absent) {
                    System.out.printf("  %-16s absent: %s%n", library, absent.getMessage());
                }
            }
            rounds.run();
        } finally {
            started.forEach(MergePeer::close);
        }
    }

    private static void tell(String name, double bytes) {
        System.out.printf(Locale.ROOT, "  %-16s %5.1f%n", name, bytes);
    }

    private double merge() {
        MergeReplica replica = new MergeReplica(MergeGroup.VAULT);
        long began = System.nanoTime();
        sent.forEach(replica::receive);
        double seconds = (System.nanoTime() - began) / 1e9;
        if (!replica.frontier().equals(group.replica(0).frontier())) {
            throw new AssertionError("not all was merged");
        }
        return updates / seconds;
    }

    private List<Part> edits(int author) {
        MergeReplica replica = group.replica(author);
        lines.append(round).append('\t').append(author);
        TreeMap<String, Part> parts = new TreeMap<>();
        int count = Math.min(BATCH, UPDATES - updates);
        while (parts.size() < count) {
            String key = "r%05d".formatted(random.nextInt(RECORDS));
            if (!parts.containsKey(key)) {
                String field = "field" + random.nextInt(FIELDS);
                String value = "v" + random.nextInt(1_000_000);
                lines.append('\t')
                        .append(key)
                        .append('\t')
                        .append(field)
                        .append('\t')
                        .append(value);
                parts.put(key, replica.part(key, field, value));
            }
        }
        lines.append('\n');
        updates += count;
        return List.copyOf(parts.values());
    }
}

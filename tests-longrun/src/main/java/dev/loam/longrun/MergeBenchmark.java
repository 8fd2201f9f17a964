package dev.loam.longrun;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.FieldName;
import dev.loam.core.Operation;
import dev.loam.core.Part;
import dev.loam.core.Value;
import dev.loam.core.VaultId;
import java.util.ArrayList;
import java.util.List;
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
    private static final long SEED = 20261121;
    private static final VaultId VAULT = new VaultId(Bytes.adopt(new byte[VaultId.SIZE]));

    private final Random random = new Random(SEED);
    private final List<MergeReplica.Sent> sent = new ArrayList<>();
    private final List<ActorId> actors = new ArrayList<>();
    private final List<MergeReplica> replicas = new ArrayList<>();
    private int updates;

    private MergeBenchmark() {
        List<Operation> controls = new ArrayList<>();
        for (int i = 0; i < ACTORS; i++) {
            Bytes key = random(DeviceId.PUBLIC_KEY_SIZE);
            Bytes nonce = random(ActorId.NONCE_SIZE);
            actors.add(ActorId.of(DeviceId.of(key), VAULT, nonce));
            controls.add(
                    i == 0
                            ? new Operation.Found("main", key, nonce)
                            : new Operation.Enrol(key, nonce));
            replicas.add(new MergeReplica(VAULT));
        }
        exchange(List.of(write(0, List.of(new Part("", controls)))));
        while (updates < UPDATES) {
            List<MergeReplica.Sent> round = new ArrayList<>();
            for (int i = 0; i < ACTORS && updates < UPDATES; i++) {
                round.add(write(i, edits(replicas.get(i))));
            }
            exchange(round);
        }
    }

    static void run() throws Exception {
        MergeBenchmark work = new MergeBenchmark();
        long bytes = work.sent.stream().mapToLong(each -> each.encoded().size()).sum();
        System.out.printf(
                "%,d batches of %,d updates, %.1f bytes an update%n",
                work.sent.size(), work.updates, (double) bytes / work.updates);
        new Rounds("merging field updates of three actors, one thread")
                .with("loam-core: decode, gate, chain, apply", work::merge)
                .run();
    }

    private double merge() {
        MergeReplica replica = new MergeReplica(VAULT);
        long began = System.nanoTime();
        sent.forEach(replica::receive);
        double seconds = (System.nanoTime() - began) / 1e9;
        if (!replica.frontier().equals(replicas.getFirst().frontier())) {
            throw new AssertionError("not all was merged");
        }
        return updates / seconds;
    }

    private List<Part> edits(MergeReplica replica) {
        TreeMap<String, Part> parts = new TreeMap<>();
        int count = Math.min(BATCH, UPDATES - updates);
        while (parts.size() < count) {
            String key = "r%05d".formatted(random.nextInt(RECORDS));
            FieldName field = new FieldName("field" + random.nextInt(FIELDS));
            Value value = new Value.Text("v" + random.nextInt(1_000_000));
            parts.put(key, replica.part(new MergeReplica.Update(key, field, value)));
        }
        updates += count;
        return List.copyOf(parts.values());
    }

    private MergeReplica.Sent write(int author, List<Part> parts) {
        return replicas.get(author).write(actors.get(author), parts, random(16));
    }

    private void exchange(List<MergeReplica.Sent> round) {
        for (MergeReplica.Sent batch : round) {
            sent.add(batch);
            for (int i = 0; i < ACTORS; i++) {
                if (!actors.get(i).equals(batch.id().actor())) {
                    replicas.get(i).receive(batch);
                }
            }
        }
    }

    private Bytes random(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return Bytes.adopt(bytes);
    }
}

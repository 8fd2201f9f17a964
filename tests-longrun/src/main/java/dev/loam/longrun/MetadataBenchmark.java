package dev.loam.longrun;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.FieldName;
import dev.loam.core.Operation;
import dev.loam.core.Part;
import dev.loam.core.RecordState;
import dev.loam.core.Value;
import dev.loam.core.VaultId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What states keep beside the data: of records that ten actors changed a million times beside one
 * another, of whom seven then retired, after cuts; and of the same records written once by one
 * actor. Bytes do not hang on the machine.
 */
final class MetadataBenchmark {
    private static final int ACTORS = 10;
    private static final int RETIRED = 7;
    private static final int RECORDS = 1_000;
    private static final int FIELDS = 4;
    private static final int UPDATES = 1_000_000;
    private static final int BATCH = 100;
    private static final int CUTS = 3;
    private static final long SEED = 20261121;
    private static final VaultId VAULT = new VaultId(Bytes.adopt(new byte[VaultId.SIZE]));

    private final Random random = new Random(SEED);
    private final List<ActorId> actors = new ArrayList<>();
    private final List<MergeReplica> replicas = new ArrayList<>();

    private MetadataBenchmark(int count) {
        List<Operation> controls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
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
    }

    static void run() {
        MetadataBenchmark many = new MetadataBenchmark(ACTORS);
        int updates = 0;
        while (updates < UPDATES) {
            List<MergeReplica.Sent> batches = new ArrayList<>();
            for (int i = 0; i < ACTORS; i++) {
                batches.add(many.write(i, many.edits(i)));
                updates += BATCH;
            }
            many.exchange(batches);
        }
        many.writeAll(many.current());
        long before = many.bytes();
        for (int i = ACTORS - RETIRED; i < ACTORS; i++) {
            many.exchange(List.of(many.control(i, new Operation.Retire())));
        }
        many.settle(ACTORS - RETIRED);

        MetadataBenchmark once = new MetadataBenchmark(1);
        once.writeAll(many.current());
        once.settle(1);

        long data = data(many.current());
        int fields = RECORDS * FIELDS;
        System.out.printf(
                "%,d updates of %,d fields by %d actors, of whom %d retired; bytes of the states:%n",
                updates, fields, ACTORS, RETIRED);
        System.out.printf("  before they retired and all was settled  %,9d%n", before);
        System.out.printf(
                "  settled                                  %,9d, %.2f times those below%n",
                many.bytes(), (double) many.bytes() / once.bytes());
        System.out.printf("  written once by one actor, settled       %,9d%n", once.bytes());
        System.out.printf("  names and values alone                   %,9d%n", data);
        System.out.printf(
                "a settled field more in a record takes its name, its value, and %d bytes;"
                        + " lengths and type are 3 of them%n",
                ofOneField());
    }

    /** What one more settled field makes a record longer by, name and value aside. */
    private static long ofOneField() {
        String value = "value";
        MetadataBenchmark one = new MetadataBenchmark(1);
        one.exchange(List.of(one.write(0, List.of(one.part("a", value)))));
        one.settle(1);
        long before = one.replicas.getFirst().record(key(0)).encode().size();
        one.exchange(List.of(one.write(0, List.of(one.part("b", value)))));
        one.settle(1);
        return one.replicas.getFirst().record(key(0)).encode().size()
                - before
                - length("b")
                - length(value);
    }

    private Part part(String field, String value) {
        return replicas.getFirst().part(key(0), field, value);
    }

    private List<Part> edits(int author) {
        TreeMap<String, Part> parts = new TreeMap<>();
        while (parts.size() < BATCH) {
            String key = key(random.nextInt(RECORDS));
            if (!parts.containsKey(key)) {
                String field = "field" + random.nextInt(FIELDS);
                String value = "v" + random.nextInt(1_000_000);
                parts.put(key, replicas.get(author).part(key, field, value));
            }
        }
        return List.copyOf(parts.values());
    }

    private static String key(int number) {
        return "r%05d".formatted(number);
    }

    /** What is read of each field; of one that nobody wrote, something. */
    private SortedMap<String, SortedMap<String, String>> current() {
        SortedMap<String, SortedMap<String, String>> all = new TreeMap<>();
        for (int record = 0; record < RECORDS; record++) {
            RecordState state = replicas.getFirst().record(key(record));
            SortedMap<String, String> fields = new TreeMap<>();
            for (int i = 0; i < FIELDS; i++) {
                String name = "field" + i;
                Value value = state.value(new FieldName(name)).orElse(new Value.Text("v" + record));
                fields.put(name, ((Value.Text) value).text());
            }
            all.put(key(record), fields);
        }
        return all;
    }

    /** The first actor writes every field, which ends all conflicts. */
    private void writeAll(SortedMap<String, SortedMap<String, String>> values) {
        for (int i = 0; i < FIELDS; i++) {
            String field = "field" + i;
            List<Part> parts = new ArrayList<>();
            for (Map.Entry<String, SortedMap<String, String>> record : values.entrySet()) {
                String value = record.getValue().getOrDefault(field, "");
                parts.add(replicas.getFirst().part(record.getKey(), field, value));
                if (parts.size() == BATCH) {
                    exchange(List.of(write(0, parts)));
                    parts.clear();
                }
            }
        }
    }

    /** Each of the first acknowledges, and the first of them cuts, as often as it takes. */
    private void settle(int members) {
        for (int cut = 0; cut < CUTS; cut++) {
            for (int i = 0; i < members; i++) {
                exchange(List.of(control(i, new Operation.Ack())));
            }
            replicas.getFirst()
                    .cut(actors.getFirst())
                    .ifPresent(due -> exchange(List.of(control(0, due))));
        }
    }

    private long bytes() {
        return replicas.getFirst().stateBytes();
    }

    private static long data(SortedMap<String, SortedMap<String, String>> values) {
        return values.values().stream()
                .flatMap(fields -> fields.entrySet().stream())
                .mapToLong(field -> length(field.getKey()) + length(field.getValue()))
                .sum();
    }

    private static long length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private MergeReplica.Sent control(int author, Operation operation) {
        return write(author, List.of(new Part("", List.of(operation))));
    }

    private MergeReplica.Sent write(int author, List<Part> parts) {
        return replicas.get(author).write(actors.get(author), parts, random(16));
    }

    private void exchange(List<MergeReplica.Sent> batches) {
        for (MergeReplica.Sent batch : batches) {
            for (int i = 0; i < actors.size(); i++) {
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

package dev.loam.longrun;

import dev.loam.core.FieldName;
import dev.loam.core.Operation;
import dev.loam.core.Part;
import dev.loam.core.RecordState;
import dev.loam.core.Value;
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

    private final Random random = new Random(SEED);
    private final MergeGroup group;

    private MetadataBenchmark(int count) {
        group = new MergeGroup(count, random);
    }

    static void run() {
        MetadataBenchmark many = new MetadataBenchmark(ACTORS);
        int updates = 0;
        while (updates < UPDATES) {
            List<MergeReplica.Sent> batches = new ArrayList<>();
            for (int i = 0; i < ACTORS; i++) {
                batches.add(many.group.write(i, many.edits(i)));
                updates += BATCH;
            }
            many.group.exchange(batches);
        }
        many.writeAll(many.current());
        long before = many.bytes();
        for (int i = ACTORS - RETIRED; i < ACTORS; i++) {
            many.group.exchange(List.of(many.control(i, new Operation.Retire())));
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
        one.group.exchange(List.of(one.group.write(0, List.of(one.part("a", value)))));
        one.settle(1);
        long before = one.group.replica(0).record(key(0)).encode().size();
        one.group.exchange(List.of(one.group.write(0, List.of(one.part("b", value)))));
        one.settle(1);
        return one.group.replica(0).record(key(0)).encode().size()
                - before
                - length("b")
                - length(value);
    }

    private Part part(String field, String value) {
        return group.replica(0).part(key(0), field, value);
    }

    private List<Part> edits(int author) {
        TreeMap<String, Part> parts = new TreeMap<>();
        while (parts.size() < BATCH) {
            String key = key(random.nextInt(RECORDS));
            if (!parts.containsKey(key)) {
                String field = "field" + random.nextInt(FIELDS);
                String value = "v" + random.nextInt(1_000_000);
                parts.put(key, group.replica(author).part(key, field, value));
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
            RecordState state = group.replica(0).record(key(record));
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
                parts.add(group.replica(0).part(record.getKey(), field, value));
                if (parts.size() == BATCH) {
                    group.exchange(List.of(group.write(0, parts)));
                    parts.clear();
                }
            }
        }
    }

    /** Each of the first acknowledges, and the first of them cuts, as often as it takes. */
    private void settle(int members) {
        for (int cut = 0; cut < CUTS; cut++) {
            for (int i = 0; i < members; i++) {
                group.exchange(List.of(control(i, new Operation.Ack())));
            }
            group.replica(0)
                    .cut(group.actor(0))
                    .ifPresent(due -> group.exchange(List.of(control(0, due))));
        }
    }

    private long bytes() {
        return group.replica(0).stateBytes();
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
        return group.write(author, List.of(new Part("", List.of(operation))));
    }
}

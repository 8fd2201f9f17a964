package dev.loam.sim;

import dev.loam.Memory;
import dev.loam.Receipt;
import dev.loam.Update;
import dev.loam.Vault;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/** Draws writes of few keys, fields and tags, each value only once, and carries them out. */
final class Wishes {
    static final String TEXT = "text";
    static final List<String> FIELDS = List.of(TEXT, "a", "b");
    static final List<String> KEYS = List.of("k0", "k1", "k2", "k3", "k4");
    private static final List<String> TAGS = List.of("red", "green", "blue");
    private static final int LONG_TEXT = 20_000;

    private Wishes() {}

    /** The write that makes the vault. */
    static Write first() {
        TreeMap<String, String> text = new TreeMap<>();
        text.put(TEXT, "the first write");
        return new Write(
                0,
                0,
                new BitSet(),
                Write.Kind.PUT,
                KEYS.getFirst(),
                text,
                new TreeSet<>(),
                new TreeSet<>());
    }

    static Write draw(int number, int device, BitSet seen, SplittableRandom random) {
        String key = KEYS.get(random.nextInt(KEYS.size()));
        TreeMap<String, String> text = new TreeMap<>();
        TreeSet<String> added = new TreeSet<>();
        TreeSet<String> removed = new TreeSet<>();
        int kind = random.nextInt(10);
        if (kind == 0) {
            return new Write(number, device, seen, Write.Kind.DELETE, key, text, added, removed);
        }
        boolean puts = kind < 5;
        for (String field : FIELDS) {
            if (random.nextInt(2) == 0 || (puts && field.equals(TEXT))) {
                String filling = random.nextInt(30) == 0 ? "x".repeat(LONG_TEXT) : "";
                text.put(field, field + " of write " + number + filling);
            }
        }
        for (String tag : TAGS) {
            int wish = random.nextInt(6);
            if (wish == 0) {
                added.add(tag);
            } else if (wish == 1 && !puts) {
                removed.add(tag);
            }
        }
        if (text.isEmpty() && added.isEmpty() && removed.isEmpty()) {
            added.add(TAGS.getFirst());
        }
        Write.Kind what = puts ? Write.Kind.PUT : Write.Kind.UPDATE;
        return new Write(number, device, seen, what, key, text, added, removed);
    }

    static Receipt carryOut(Write write, Vault vault) {
        return switch (write.kind()) {
            case PUT -> vault.put(memory(write));
            case UPDATE -> vault.update(write.key(), update(write));
            case DELETE -> vault.delete(write.key());
        };
    }

    private static Memory memory(Write write) {
        Memory memory = Memory.of(write.text().getOrDefault(TEXT, "")).key(write.key());
        for (var field : write.text().entrySet()) {
            if (!field.getKey().equals(TEXT)) {
                memory = memory.field(field.getKey(), field.getValue());
            }
        }
        for (String tag : write.added()) {
            memory = memory.tag(tag);
        }
        return memory;
    }

    private static Update update(Write write) {
        Update update = Update.none();
        for (var field : write.text().entrySet()) {
            update =
                    field.getKey().equals(TEXT)
                            ? update.text(field.getValue())
                            : update.set(field.getKey(), field.getValue());
        }
        for (String tag : write.added()) {
            update = update.tag(tag);
        }
        for (String tag : write.removed()) {
            update = update.untag(tag);
        }
        return update;
    }
}

package dev.loam.sim;

import dev.loam.sim.Amounts.Count;
import dev.loam.sim.Amounts.Line;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Draws writes of few keys, fields and tags; each value, amount and entry only once, so that what
 * becomes of each can be told.
 */
final class Wishes {
    static final String TEXT = "text";
    static final List<String> FIELDS = List.of(TEXT, "a", "b");
    static final List<String> KEYS = List.of("k0", "k1", "k2", "k3", "k4");

    /** Some are called as fields are. */
    private static final List<String> COUNTERS = List.of("a", "count");

    private static final String LOG = "a";
    private static final String EXTREME = "a";
    private static final List<String> TAGS = List.of("red", "green", "blue");
    private static final int LONG_TEXT = 20_000;
    private static final long AMOUNT_MAX = 1L << 40;
    private static final int EXTREME_MAX = 50;
    private static final int KEPT_MAX = 3;
    private static final int CHANGES_MAX = 3;

    private final int number;
    private final SplittableRandom random;

    private Wishes(int number, SplittableRandom random) {
        this.number = number;
        this.random = random;
    }

    /** The write that makes the vault. */
    static Write first() {
        TreeMap<String, String> text = new TreeMap<>();
        String key = KEYS.getFirst();
        text.put(TEXT, "the first write " + Canary.of(0, key));
        Change change = new Change(key, Change.Kind.PUT, text, Change.Tags.NONE, Amounts.NONE);
        return new Write(0, 0, new BitSet(), List.of(change));
    }

    /**
     * @param isThere whether its device has a memory under that key
     */
    static Write draw(
            int number,
            int device,
            BitSet seen,
            Predicate<String> isThere,
            SplittableRandom random) {
        Wishes wishes = new Wishes(number, random);
        List<String> keys = new ArrayList<>(KEYS);
        int count = random.nextInt(4) == 0 ? random.nextInt(2, CHANGES_MAX + 1) : 1;
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String key = keys.remove(random.nextInt(keys.size()));
            changes.add(wishes.change(key, isThere.test(key)));
        }
        return new Write(number, device, seen, changes);
    }

    /** Of some memories that are there, mostly of one; seldom of any, be it there or not. */
    static Write forgetting(
            int number,
            int device,
            BitSet seen,
            Predicate<String> isThere,
            SplittableRandom random) {
        List<String> keys = new ArrayList<>(KEYS);
        if (random.nextInt(8) != 0 && KEYS.stream().anyMatch(isThere)) {
            keys.removeIf(isThere.negate());
        }
        int count = random.nextInt(4) == 0 ? random.nextInt(1, CHANGES_MAX + 1) : 1;
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < count && !keys.isEmpty(); i++) {
            String key = keys.remove(random.nextInt(keys.size()));
            changes.add(Change.end(key, Change.Kind.FORGET));
        }
        return new Write(number, device, seen, changes);
    }

    private Change change(String key, boolean isThere) {
        return switch (random.nextInt(16)) {
            case 0 -> Change.end(key, Change.Kind.DELETE);
            case 1 -> Change.end(key, Change.Kind.REMOVE);
            case 2, 3, 4, 5 -> put(key);
            case 6 -> update(key);
            default -> isThere ? update(key) : put(key);
        };
    }

    private Change put(String key) {
        TreeMap<String, String> text = text(key, 2);
        text.put(TEXT, value(key, TEXT));
        Change.Tags tags = new Change.Tags(drawn(TAGS, 6), new TreeSet<>());
        TreeMap<String, Count> counters = new TreeMap<>();
        drawn(COUNTERS, 4).forEach(name -> counters.put(name, add()));
        TreeMap<String, Line> logs = new TreeMap<>();
        drawn(List.of(LOG), 4).forEach(name -> logs.put(name, append(key)));
        return new Change(
                key,
                Change.Kind.PUT,
                text,
                tags,
                new Amounts(counters, logs, extremes(), extremes()));
    }

    private Change update(String key) {
        // What does not keep a memory alive, and may come to nothing, should be alone at times.
        boolean onlyTouches = random.nextInt(6) == 0;
        TreeMap<String, String> text = onlyTouches ? new TreeMap<>() : text(key, 3);
        TreeSet<String> added = onlyTouches ? new TreeSet<>() : drawn(TAGS, 8);
        TreeSet<String> removed = drawn(TAGS, 8);
        removed.removeAll(added);
        TreeMap<String, Count> counters = new TreeMap<>();
        drawn(COUNTERS, 3)
                .forEach(
                        name ->
                                counters.put(
                                        name,
                                        onlyTouches || random.nextInt(4) == 0
                                                ? new Count.Reset()
                                                : add()));
        TreeMap<String, Line> logs = new TreeMap<>();
        drawn(List.of(LOG), 2)
                .forEach(
                        name ->
                                logs.put(
                                        name,
                                        onlyTouches || random.nextInt(4) == 0
                                                ? truncate()
                                                : append(key)));
        TreeMap<String, Long> maxima = extremes();
        TreeMap<String, Long> minima = extremes();
        Amounts amounts = new Amounts(counters, logs, maxima, minima);
        if (text.isEmpty() && added.isEmpty() && removed.isEmpty() && amounts.isNone()) {
            removed.add(TAGS.getFirst());
        }
        return new Change(key, Change.Kind.UPDATE, text, new Change.Tags(added, removed), amounts);
    }

    private TreeSet<String> drawn(List<String> names, int oneIn) {
        TreeSet<String> drawn = new TreeSet<>();
        for (String name : names) {
            if (random.nextInt(oneIn) == 0) {
                drawn.add(name);
            }
        }
        return drawn;
    }

    private TreeMap<String, String> text(String key, int oneIn) {
        TreeMap<String, String> text = new TreeMap<>();
        drawn(FIELDS, oneIn).forEach(field -> text.put(field, value(key, field)));
        return text;
    }

    private String value(String key, String field) {
        String filling = random.nextInt(30) == 0 ? "x".repeat(LONG_TEXT) : "";
        return field + " of write " + number + filling + " " + Canary.of(number, key);
    }

    private Count add() {
        long amount = random.nextLong(1, AMOUNT_MAX);
        return new Count.Add(random.nextInt(4) == 0 ? -amount : amount);
    }

    private Line append(String key) {
        return new Line.Append(key + " of write " + number + " " + Canary.of(number, key));
    }

    private Line truncate() {
        return new Line.Truncate(random.nextInt(KEPT_MAX), new TreeSet<>());
    }

    private TreeMap<String, Long> extremes() {
        TreeMap<String, Long> extremes = new TreeMap<>();
        drawn(List.of(EXTREME), 5)
                .forEach(name -> extremes.put(name, (long) random.nextInt(EXTREME_MAX)));
        return extremes;
    }
}

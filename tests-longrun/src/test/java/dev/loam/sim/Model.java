package dev.loam.sim;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What every device must hold, by a rule that is slow and plain: of a memory counts what somebody
 * wrote and nobody who had seen it took away. Shares no code with the engine; knows writes by the
 * names under which devices tell of them.
 */
final class Model {
    private final List<Write> writes = new ArrayList<>();
    private final SortedMap<String, TreeMap<Long, Write>> byName = new TreeMap<>();

    /** The number that the next write gets. */
    int next() {
        return writes.size();
    }

    /** The write may be somewhere, or nowhere: it counts once it is named. */
    Write attempt(Write write) {
        writes.add(write);
        return write;
    }

    void name(String actor, long sequence, Write write) {
        Write before = byName.computeIfAbsent(actor, a -> new TreeMap<>()).put(sequence, write);
        Violation.unless(before == null, "%s %d was given out twice", actor, sequence);
    }

    boolean isNamed(String actor, long sequence) {
        return byName.getOrDefault(actor, new TreeMap<>()).containsKey(sequence);
    }

    Write write(int number) {
        return writes.get(number);
    }

    /** Whether one of these writes gave a field that value. */
    boolean isWritten(BitSet known, String key, Map.Entry<String, String> field) {
        return known.stream()
                .mapToObj(writes::get)
                .anyMatch(
                        write ->
                                write.key().equals(key)
                                        && field.getValue()
                                                .equals(write.text().get(field.getKey())));
    }

    /** A device lost its unforced last writes, of which nobody else may know. */
    void forgetAfter(String actor, long sequence) {
        byName.getOrDefault(actor, new TreeMap<>()).tailMap(sequence, false).clear();
    }

    /** Those who have written anything. */
    Set<String> authors() {
        return Set.copyOf(byName.keySet());
    }

    /** The numbers of the writes that a device at this frontier knows. */
    BitSet known(SortedMap<String, Long> frontier) {
        BitSet known = new BitSet(writes.size());
        frontier.forEach(
                (actor, last) ->
                        byName.getOrDefault(actor, new TreeMap<>())
                                .headMap(last, true)
                                .values()
                                .forEach(write -> known.set(write.number())));
        return known;
    }

    /** Whoever knows a write knows all that its author knew. */
    void checkCausality(BitSet known) {
        known.stream()
                .forEach(
                        number -> {
                            BitSet missing = (BitSet) writes.get(number).seen().clone();
                            missing.andNot(known);
                            Violation.unless(
                                    missing.isEmpty(),
                                    "write %d is there without %s, which it saw",
                                    number,
                                    missing);
                        });
    }

    /** The memory under a key, for who knows these writes; empty if there is none. */
    Optional<Content> content(String key, BitSet known) {
        List<Write> all =
                known.stream()
                        .mapToObj(writes::get)
                        .filter(write -> write.key().equals(key))
                        .toList();
        boolean isAlive =
                all.stream()
                        .filter(Write::keepsAlive)
                        .anyMatch(
                                write -> !isTaken(write, all, w -> w.kind() == Write.Kind.DELETE));
        return isAlive ? Optional.of(content(all)) : Optional.empty();
    }

    private static Content content(List<Write> all) {
        TreeMap<String, SortedSet<String>> siblings = new TreeMap<>();
        TreeSet<String> tags = new TreeSet<>();
        for (Write write : all) {
            write.text()
                    .forEach(
                            (field, value) -> {
                                if (!isTaken(write, all, w -> overwrites(w, field))) {
                                    siblings.computeIfAbsent(field, f -> new TreeSet<>())
                                            .add(value);
                                }
                            });
            for (String tag : write.added()) {
                if (!isTaken(write, all, w -> takesTag(w, tag))) {
                    tags.add(tag);
                }
            }
        }
        return new Content(siblings, tags);
    }

    private static boolean isTaken(Write write, List<Write> all, Predicate<Write> takes) {
        return all.stream().anyMatch(later -> later.saw(write) && takes.test(later));
    }

    private static boolean overwrites(Write later, String field) {
        return later.kind() == Write.Kind.PUT || later.text().containsKey(field);
    }

    private static boolean takesTag(Write later, String tag) {
        return later.kind() == Write.Kind.PUT
                || later.removed().contains(tag)
                || later.added().contains(tag);
    }
}

package dev.loam.sim;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What every device must hold, by a rule that is slow and plain: of a memory counts what somebody
 * wrote and nobody who had seen it took away. Shares no code with the engine; knows writes by the
 * names under which devices tell of them.
 */
final class Model {
    private final List<Write> writes = new ArrayList<>();
    private final SortedMap<String, TreeMap<Long, Write>> byName = new TreeMap<>();

    /** By actor, the number behind which writes were lost. */
    private final Map<String, Long> lost = new HashMap<>();

    /** Those that forget something. */
    private final List<Write> forgettings = new ArrayList<>();

    /** By canary, the write that it was drawn for. */
    private final Map<String, Write> origins = new HashMap<>();

    /** The number that the next write gets. */
    int next() {
        return writes.size();
    }

    /** The write may be somewhere, or nowhere: it counts once it is named. */
    Write attempt(Write write) {
        writes.add(write);
        for (Change change : write.changes()) {
            change.canaries().forEach(canary -> origins.putIfAbsent(canary, write));
        }
        if (write.forgets()) {
            forgettings.add(write);
        }
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

    /** What these writes did to a memory. */
    List<Change> changes(BitSet known, String key) {
        return known.stream()
                .mapToObj(writes::get)
                .flatMap(write -> write.of(key).stream())
                .toList();
    }

    /** A device lost its unforced last writes, of which nobody else may know. */
    void forgetAfter(String actor, long sequence) {
        lost.merge(actor, sequence, Math::min);
        byName.getOrDefault(actor, new TreeMap<>()).tailMap(sequence, false).clear();
    }

    /** Whether a device at this frontier may hold what was lost. */
    boolean hasLost(SortedMap<String, Long> frontier) {
        return lost.entrySet().stream()
                .anyMatch(each -> frontier.getOrDefault(each.getKey(), 0L) > each.getValue());
    }

    /** Whether anything was to be forgotten at all, on any device. */
    boolean hasForgotten() {
        return !forgettings.isEmpty();
    }

    /** All words that were ever written. */
    Set<String> canaries() {
        return origins.keySet();
    }

    /**
     * The words of which nothing may be left on a device that knows these writes: what one of them
     * forgot without its writer's having seen that, unless it was drawn for one that had.
     */
    Set<String> gone(BitSet known) {
        Set<String> gone = new TreeSet<>();
        for (Write forgetting : forgettings) {
            if (known.get(forgetting.number())) {
                for (Change end : forgetting.changes()) {
                    writes.stream()
                            .filter(write -> !write.saw(forgetting))
                            .flatMap(write -> write.of(end.key()).stream())
                            .flatMap(change -> change.canaries().stream())
                            .filter(canary -> !origin(canary).saw(forgetting))
                            .forEach(gone::add);
                }
            }
        }
        return gone;
    }

    private Write origin(String canary) {
        return Objects.requireNonNull(origins.get(canary));
    }

    /** Whether there is a forgetting of a memory that these writes have not among them. */
    boolean mayLackItsForgetting(String key, BitSet known) {
        return forgettings.stream()
                .anyMatch(each -> each.of(key).isPresent() && !known.get(each.number()));
    }

    /** Whether one of these writes forgot a memory. */
    boolean isForgotten(String key, BitSet known) {
        return forgettings.stream()
                .anyMatch(each -> known.get(each.number()) && each.of(key).isPresent());
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

    /** The memory under a key, for who knows these writes. */
    MemoryModel memory(String key, BitSet known) {
        return new MemoryModel(key, known.stream().mapToObj(writes::get).toList());
    }

    /** What it shows; empty if there is none. */
    Optional<Content> content(String key, BitSet known) {
        return memory(key, known).content();
    }
}

package dev.loam.core;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * An observed-remove set: an element is in it as long as one of its additions is settled or live.
 *
 * @param settled elements with an addition that every operation still to come has seen, in the
 *     order of values; the next operation on such an element takes that addition without naming it
 * @param dots of the live additions by element, in the order of values; none is empty
 */
record ElementSet(SortedSet<Value> settled, SortedMap<Value, SortedSet<Dot>> dots)
        implements Dotted<ElementSet> {
    static final ElementSet EMPTY =
            new ElementSet(new TreeSet<>(ValueCodec.ORDER), new TreeMap<>(ValueCodec.ORDER));

    @Override
    public ElementSet without(Predicate<Dot> gone) {
        return new ElementSet(EMPTY.settled, dotsWithout(gone));
    }

    @Override
    public ElementSet settled(Predicate<Dot> isSettled) {
        if (dots.values().stream().flatMap(SortedSet::stream).noneMatch(isSettled)) {
            return this;
        }
        SortedSet<Value> more = new TreeSet<>(settled);
        dots.forEach(
                (element, additions) -> {
                    if (additions.stream().anyMatch(isSettled)) {
                        more.add(element);
                    }
                });
        return new ElementSet(more, dotsWithout(isSettled));
    }

    @Override
    public boolean hasUnsettled(Predicate<Dot> isSettled) {
        return !dots.values().stream().flatMap(SortedSet::stream).allMatch(isSettled);
    }

    /** Whether nothing in it has a dot. */
    boolean isBare() {
        return dots.isEmpty();
    }

    @Override
    public boolean isEmpty() {
        return settled.isEmpty() && dots.isEmpty();
    }

    ElementSet with(Value element, List<Dot> overwritten, Dot added) {
        SortedSet<Dot> additions = additionsWithout(element, overwritten);
        additions.add(added);
        return replaced(element, additions);
    }

    ElementSet without(Value element, List<Dot> overwritten) {
        return replaced(element, additionsWithout(element, overwritten));
    }

    List<Value> elements() {
        SortedSet<Value> all = new TreeSet<>(ValueCodec.ORDER);
        all.addAll(settled);
        all.addAll(dots.keySet());
        return List.copyOf(all);
    }

    /** Those that an operation on the element must name. */
    List<Dot> additions(Value element) {
        SortedSet<Dot> additions = dots.get(element);
        return additions == null ? List.of() : List.copyOf(additions);
    }

    private SortedMap<Value, SortedSet<Dot>> dotsWithout(Predicate<Dot> gone) {
        SortedMap<Value, SortedSet<Dot>> kept = new TreeMap<>(ValueCodec.ORDER);
        dots.forEach(
                (element, additions) -> {
                    SortedSet<Dot> left = new TreeSet<>(additions);
                    left.removeIf(gone);
                    if (!left.isEmpty()) {
                        kept.put(element, left);
                    }
                });
        return kept;
    }

    private SortedSet<Dot> additionsWithout(Value element, List<Dot> overwritten) {
        SortedSet<Dot> additions = new TreeSet<>(additions(element));
        additions.removeAll(overwritten);
        return additions;
    }

    private ElementSet replaced(Value element, SortedSet<Dot> additions) {
        SortedMap<Value, SortedSet<Dot>> changed = new TreeMap<>(dots);
        if (additions.isEmpty()) {
            changed.remove(element);
        } else {
            changed.put(element, additions);
        }
        SortedSet<Value> left = new TreeSet<>(settled);
        left.remove(element);
        return new ElementSet(left, changed);
    }
}

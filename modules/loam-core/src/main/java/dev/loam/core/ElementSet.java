package dev.loam.core;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * An observed-remove set: an element is in it as long as one of its additions is live.
 *
 * @param dots of the live additions by element, in the order of values; none is empty
 */
record ElementSet(SortedMap<Value, SortedSet<Dot>> dots) implements Dotted<ElementSet> {
    static final ElementSet EMPTY = new ElementSet(new TreeMap<>(ValueCodec.ORDER));

    @Override
    public ElementSet without(Predicate<Dot> gone) {
        SortedMap<Value, SortedSet<Dot>> kept = new TreeMap<>(ValueCodec.ORDER);
        dots.forEach(
                (element, additions) -> {
                    SortedSet<Dot> left = new TreeSet<>(additions);
                    left.removeIf(gone);
                    if (!left.isEmpty()) {
                        kept.put(element, left);
                    }
                });
        return new ElementSet(kept);
    }

    @Override
    public boolean isEmpty() {
        return dots.isEmpty();
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
        return List.copyOf(dots.keySet());
    }

    List<Dot> additions(Value element) {
        SortedSet<Dot> additions = dots.get(element);
        return additions == null ? List.of() : List.copyOf(additions);
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
        return new ElementSet(changed);
    }
}

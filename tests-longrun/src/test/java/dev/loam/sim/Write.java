package dev.loam.sim;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * A write as the model knows it: there as a whole or not at all.
 *
 * @param number in the order in which all devices made theirs: never before one that it saw
 * @param seen the numbers of those that its device knew
 * @param changes of different memories
 */
record Write(int number, int device, BitSet seen, List<Change> changes) {
    Write {
        seen = (BitSet) seen.clone();
        changes = List.copyOf(changes);
    }

    boolean saw(Write other) {
        return seen.get(other.number);
    }

    /** What it does to a memory. */
    Optional<Change> of(String key) {
        return changes.stream().filter(change -> change.key().equals(key)).findFirst();
    }

    /** Whether it forgets something: then it does nothing else, unless it was written anew. */
    boolean forgets() {
        return changes.stream().anyMatch(change -> change.kind() == Change.Kind.FORGET);
    }

    /** Whether there is nothing to be written for it. */
    boolean isVoid() {
        return changes.stream().allMatch(Change::isVoid);
    }
}

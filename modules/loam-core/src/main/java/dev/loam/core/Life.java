package dev.loam.core;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Whether a record is alive, and by what. It is not read off its values: a record of which the last
 * value was taken away lives on. Nobody writes to the collections once they stand here.
 *
 * @param live per actor the counter of its last unsettled content operation that no applied delete
 *     has seen
 * @param settled {@code ALIVE} only while {@code live} is empty
 * @param deletes those that no applied content and no other applied delete has seen
 */
record Life(SortedMap<ActorId, Long> live, Settled settled, SortedSet<Dot> deletes) {
    static final Life NONE = new Life(new TreeMap<>(), Settled.NOT, new TreeSet<>());

    /** Whether content keeps the record alive that every operation still to come has seen. */
    enum Settled {
        NOT,
        ALIVE
    }

    boolean isAlive() {
        return !live.isEmpty() || settled == Settled.ALIVE;
    }

    boolean isNone() {
        return !isAlive() && deletes.isEmpty();
    }

    Life content(Origin origin) {
        SortedMap<ActorId, Long> alive = new TreeMap<>(live);
        alive.put(origin.dot().actor(), origin.dot().counter());
        return new Life(alive, Settled.NOT, deletesUnseenBy(origin));
    }

    Life delete(Origin origin) {
        SortedMap<ActorId, Long> alive = new TreeMap<>(live);
        alive.entrySet().removeIf(last -> origin.saw(new Dot(last.getKey(), last.getValue())));
        SortedSet<Dot> standing = deletesUnseenBy(origin);
        standing.add(origin.dot());
        return new Life(alive, Settled.NOT, standing);
    }

    /** Without the marks that are settled; those of a record that is not alive all stay. */
    Life settled(Predicate<Dot> isSettled) {
        SortedMap<ActorId, Long> alive = new TreeMap<>(live);
        SortedSet<Dot> standing = new TreeSet<>(deletes);
        alive.entrySet()
                .removeIf(last -> isSettled.test(new Dot(last.getKey(), last.getValue())));
        standing.removeIf(isSettled);
        boolean unchanged = alive.size() == live.size() && standing.size() == deletes.size();
        return unchanged || !isAlive()
                ? this
                : new Life(alive, alive.isEmpty() ? Settled.ALIVE : Settled.NOT, standing);
    }

    private SortedSet<Dot> deletesUnseenBy(Origin origin) {
        SortedSet<Dot> unseen = new TreeSet<>(deletes);
        unseen.removeIf(origin::saw);
        return unseen;
    }
}

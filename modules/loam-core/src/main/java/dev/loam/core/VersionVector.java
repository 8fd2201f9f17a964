package dev.loam.core;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What somebody has applied of a vault: for each actor how far. Absent means nothing. Immutable.
 */
public final class VersionVector {
    public static final VersionVector EMPTY = new VersionVector(new TreeMap<>());

    private final SortedMap<ActorId, Tip> tips;

    private VersionVector(SortedMap<ActorId, Tip> tips) {
        this.tips = tips;
    }

    public static VersionVector of(Map<ActorId, Tip> tips) {
        return new VersionVector(new TreeMap<>(tips));
    }

    /** The entries in the order of their actors. */
    public SortedMap<ActorId, Tip> tips() {
        return Collections.unmodifiableSortedMap(tips);
    }

    public Tip get(ActorId actor) {
        Tip tip = tips.get(actor);
        return tip == null ? Tip.NONE : tip;
    }

    public boolean isEmpty() {
        return tips.isEmpty();
    }

    /** This vector with {@code actor} at {@code tip}. */
    public VersionVector with(ActorId actor, Tip tip) {
        TreeMap<ActorId, Tip> changed = new TreeMap<>(tips);
        changed.put(actor, tip);
        return new VersionVector(changed);
    }

    /** Whether the operation has been applied. */
    public boolean covers(Dot dot) {
        return dot.counter() <= get(dot.actor()).counter();
    }

    /** Whether every entry of {@code other} is at most ours. */
    public boolean covers(VersionVector other) {
        return other.tips.entrySet().stream()
                .allMatch(entry -> entry.getValue().sequence() <= get(entry.getKey()).sequence());
    }

    /** The larger entries of both. */
    public VersionVector join(VersionVector other) {
        if (other.isEmpty()) {
            return this;
        }
        TreeMap<ActorId, Tip> joined = new TreeMap<>(tips);
        other.tips.forEach(
                (actor, tip) ->
                        joined.merge(actor, tip, (a, b) -> a.sequence() >= b.sequence() ? a : b));
        return new VersionVector(joined);
    }

    /** The smaller entries of both. */
    public VersionVector meet(VersionVector other) {
        TreeMap<ActorId, Tip> met = new TreeMap<>();
        tips.forEach(
                (actor, tip) -> {
                    Tip theirs = other.get(actor);
                    Tip smaller = theirs.sequence() < tip.sequence() ? theirs : tip;
                    if (!smaller.equals(Tip.NONE)) {
                        met.put(actor, smaller);
                    }
                });
        return new VersionVector(met);
    }

    /** Without the entries of some actors. */
    public VersionVector without(Set<ActorId> actors) {
        if (actors.stream().noneMatch(tips::containsKey)) {
            return this;
        }
        TreeMap<ActorId, Tip> kept = new TreeMap<>(tips);
        kept.keySet().removeAll(actors);
        return new VersionVector(kept);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VersionVector vector && tips.equals(vector.tips);
    }

    @Override
    public int hashCode() {
        return tips.hashCode();
    }

    @Override
    public String toString() {
        return tips.toString();
    }
}

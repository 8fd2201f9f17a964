package dev.loam.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The live versions of one value: one as a rule, several after concurrent writes.
 *
 * @param versions in the order of their dots
 */
record Register<V>(List<Version<V>> versions) implements Dotted<Register<V>> {
    Register {
        versions = List.copyOf(versions);
    }

    static <V> Register<V> empty() {
        return new Register<>(List.of());
    }

    @Override
    public Register<V> without(Predicate<Dot> gone) {
        return new Register<>(left(gone));
    }

    @Override
    public boolean isEmpty() {
        return versions.isEmpty();
    }

    /** With the version of an operation in place of those that it names. */
    Register<V> with(Origin origin, V value, List<Dot> overwritten) {
        List<Version<V>> changed = left(overwritten::contains);
        changed.add(new Version<>(origin.dot(), origin.stamp(), value));
        changed.sort(Version.BY_DOT);
        return new Register<>(changed);
    }

    private List<Version<V>> left(Predicate<Dot> gone) {
        List<Version<V>> left = new ArrayList<>(versions.size() + 1);
        for (Version<V> version : versions) {
            if (!gone.test(version.dot())) {
                left.add(version);
            }
        }
        return left;
    }

    /** Only of a register that is not empty. */
    V winner() {
        return siblings().getFirst();
    }

    /** The winner, then the others in the order in which they would win. */
    List<V> siblings() {
        return versions.stream().sorted(Version.WINNER_FIRST).map(Version::value).toList();
    }

    List<Dot> dots() {
        return versions.stream().map(Version::dot).toList();
    }
}

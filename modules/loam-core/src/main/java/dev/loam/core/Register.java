package dev.loam.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The versions of one value: one as a rule, several after concurrent writes. A settled version has
 * been seen by every operation still to come, so the next one takes it without naming it; it keeps
 * its dot and stamp only beside others, as what orders them.
 *
 * @param bare the only version, if it is settled; then there is no other
 * @param settled those at or below the horizon, in the order of their dots
 * @param live the others, in the order of their dots
 */
record Register<V>(Optional<V> bare, List<Version<V>> settled, List<Version<V>> live)
        implements Dotted<Register<V>> {
    Register {
        settled = List.copyOf(settled);
        live = List.copyOf(live);
    }

    static <V> Register<V> empty() {
        return new Register<>(Optional.empty(), List.of(), List.of());
    }

    /** Of one settled version. */
    static <V> Register<V> bare(V value) {
        return new Register<>(Optional.of(value), List.of(), List.of());
    }

    @Override
    public Register<V> without(Predicate<Dot> gone) {
        return new Register<>(Optional.empty(), List.of(), left(gone));
    }

    @Override
    public Register<V> settled(Predicate<Dot> isSettled) {
        if (live.stream().noneMatch(version -> isSettled.test(version.dot()))) {
            return this;
        }
        List<Version<V>> more = new ArrayList<>(settled);
        List<Version<V>> left = new ArrayList<>();
        live.forEach(version -> (isSettled.test(version.dot()) ? more : left).add(version));
        more.sort(Version.BY_DOT);
        return more.size() == 1 && left.isEmpty()
                ? bare(more.getFirst().value())
                : new Register<>(Optional.empty(), more, left);
    }

    /** Of a register of which reads return one version alone: only that, once all is settled. */
    Register<V> reducedTo(Function<Register<V>, V> read) {
        return live.isEmpty() && !settled.isEmpty() ? bare(read.apply(this)) : this;
    }

    @Override
    public boolean hasUnsettled(Predicate<Dot> isSettled) {
        return !live.stream().map(Version::dot).allMatch(isSettled);
    }

    @Override
    public boolean isEmpty() {
        return bare.isEmpty() && settled.isEmpty() && live.isEmpty();
    }

    /** With the version of an operation in place of those that it names and those settled. */
    Register<V> with(Origin origin, V value, List<Dot> overwritten) {
        List<Version<V>> changed = left(overwritten::contains);
        changed.add(new Version<>(origin.dot(), origin.stamp(), value));
        changed.sort(Version.BY_DOT);
        return new Register<>(Optional.empty(), List.of(), changed);
    }

    private List<Version<V>> left(Predicate<Dot> gone) {
        List<Version<V>> left = new ArrayList<>(live.size() + 1);
        for (Version<V> version : live) {
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
        return bare.isPresent()
                ? List.of(bare.get())
                : versions().sorted(Version.WINNER_FIRST).map(Version::value).toList();
    }

    int size() {
        return bare.isPresent() ? 1 : settled.size() + live.size();
    }

    /** All but a bare one. */
    Stream<Version<V>> versions() {
        return Stream.concat(settled.stream(), live.stream());
    }

    /** Those that an operation must name. */
    List<Dot> dots() {
        return live.stream().map(Version::dot).toList();
    }
}

package dev.loam.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    @Override
    public Register<V> without(Predicate<Dot> gone) {
        List<Version<V>> kept = live.stream().filter(it -> !gone.test(it.dot())).toList();
        return new Register<>(Optional.empty(), List.of(), kept);
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
                ? new Register<>(Optional.of(more.getFirst().value()), List.of(), List.of())
                : new Register<>(Optional.empty(), more, left);
    }

    /** Of a register of which no read returns the losers: without them once all is settled. */
    Register<V> withoutSettledLosers() {
        return live.isEmpty() && !settled.isEmpty()
                ? new Register<>(Optional.of(winner()), List.of(), List.of())
                : this;
    }

    @Override
    public boolean hasLiveDots() {
        return !live.isEmpty();
    }

    @Override
    public boolean isEmpty() {
        return bare.isEmpty() && settled.isEmpty() && live.isEmpty();
    }

    /** With the version of an operation in place of those that it names and those settled. */
    Register<V> with(Origin origin, V value, List<Dot> overwritten) {
        List<Version<V>> changed = new ArrayList<>(without(overwritten::contains).live);
        changed.add(new Version<>(origin.dot(), origin.stamp(), value));
        changed.sort(Version.BY_DOT);
        return new Register<>(Optional.empty(), List.of(), changed);
    }

    /** Only of a register that is not empty. */
    V winner() {
        return siblings().getFirst();
    }

    /** The winner, then the others in the order in which they would win. */
    List<V> siblings() {
        return bare.isPresent()
                ? List.of(bare.get())
                : Stream.concat(settled.stream(), live.stream())
                        .sorted(Version.WINNER_FIRST)
                        .map(Version::value)
                        .toList();
    }

    /** Those that an operation must name. */
    List<Dot> dots() {
        return live.stream().map(Version::dot).toList();
    }
}

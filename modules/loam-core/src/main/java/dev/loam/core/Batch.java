package dev.loam.core;

import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.TreeMap;

/**
 * An atomic transaction of one actor: applied as a whole or not at all.
 *
 * @param stamp of all its operations
 * @param firstCounter of its first operation; the others count on from it, part after part
 * @param dependencies the entries of its author's context that changed since the author's last
 *     batch, its own aside; ordered by actor
 * @param parts strictly ascending by the bytes of their keys; of a cut one those that are left
 * @param form whether something was cut out of it
 */
public record Batch(
        Stamp stamp,
        long firstCounter,
        List<Dependency> dependencies,
        List<Part> parts,
        Form form) {
    public static final int SEED_SIZE = 16;

    /** What the chain's commitments to the parts are made with. */
    public sealed interface Form {}

    /**
     * Nothing is cut out.
     *
     * @param seed 16 random bytes, from which every part's salt comes
     */
    public record Whole(Bytes seed) implements Form {
        public Whole {
            Invariant.check(seed.size() == SEED_SIZE, "seed has {0} bytes", seed.size());
        }
    }

    /**
     * Parts are cut out, and the seed with them.
     *
     * @param headSalt that of the head, 16 bytes
     * @param cuts at least one, by place
     */
    public record Cut(Bytes headSalt, List<CutPart> cuts) implements Form {
        public Cut {
            cuts = List.copyOf(cuts);
            Invariant.check(headSalt.size() == SEED_SIZE, "salt has {0} bytes", headSalt.size());
            Invariant.check(!cuts.isEmpty(), "a cut batch without cuts");
        }
    }

    /**
     * @throws LoamException {@code LIMIT_EXCEEDED} if it has more than 1,000 operations
     */
    public Batch {
        dependencies =
                dependencies.stream().sorted(Comparator.comparing(Dependency::actor)).toList();
        parts = List.copyOf(parts);
        Invariant.check(firstCounter > 0, "first counter {0}", firstCounter);
        Invariant.check(!parts.isEmpty() || form instanceof Cut, "a batch without parts");
        for (int i = 1; i < dependencies.size(); i++) {
            Invariant.check(
                    !dependencies.get(i - 1).actor().equals(dependencies.get(i).actor()),
                    "two dependencies on one actor");
        }
        for (int i = 1; i < parts.size(); i++) {
            Invariant.check(
                    Utf8Order.INSTANCE.compare(parts.get(i - 1).key(), parts.get(i).key()) < 0,
                    "parts are not in the order of their keys");
        }
        Limits.check("operations of a batch", count(parts, form), Limits.BATCH_OPERATIONS_MAX);
    }

    /** One of which nothing is cut out. */
    public Batch(
            Stamp stamp,
            long firstCounter,
            List<Dependency> dependencies,
            List<Part> parts,
            Bytes seed) {
        this(stamp, firstCounter, dependencies, parts, new Whole(seed));
    }

    /** What was cut out of it, by place. */
    public List<CutPart> cuts() {
        return form instanceof Cut(var _, List<CutPart> cuts) ? cuts : List.of();
    }

    /** 16 bytes that no other batch has; the same before and after parts are cut out. */
    public Bytes mark() {
        return switch (form) {
            case Whole(Bytes seed) -> mark(seed);
            case Cut(Bytes headSalt, var _) -> headSalt;
        };
    }

    /** The {@link #mark} of a batch with that seed. */
    public static Bytes mark(Bytes seed) {
        return Chain.salt(seed, 0);
    }

    /** Those that were cut out included. */
    public int operationCount() {
        return count(parts, form);
    }

    /** The counters of the first operations of its {@link #parts}, in their order. */
    public PrimitiveIterator.OfLong partCounters() {
        return new Counters(firstCounter, parts.iterator(), cuts());
    }

    /** How far its author's chain is with this batch as number {@code sequence}. */
    public Tip tip(long sequence) {
        return new Tip(sequence, firstCounter + operationCount() - 1);
    }

    /**
     * What its author had applied just before it, own batches included.
     *
     * @param previous the context of its author's previous batch, that batch included
     */
    public VersionVector contextAfter(VersionVector previous) {
        if (dependencies.isEmpty()) {
            return previous;
        }
        TreeMap<ActorId, Tip> named = new TreeMap<>();
        dependencies.forEach(dependency -> named.put(dependency.actor(), dependency.tip()));
        return previous.join(VersionVector.of(named));
    }

    private static int count(List<Part> parts, Form form) {
        int kept = parts.stream().mapToInt(part -> part.operations().size()).sum();
        return switch (form) {
            case Whole _ -> kept;
            case Cut(var _, List<CutPart> cuts) ->
                    kept + cuts.stream().mapToInt(CutPart::operations).sum();
        };
    }

    /** Counts through the parts that are left, past those that are not. */
    private static final class Counters implements PrimitiveIterator.OfLong {
        private final Iterator<Part> parts;
        private final List<CutPart> cuts;
        private int place;
        private int cutsPassed;
        private long next;

        Counters(long first, Iterator<Part> parts, List<CutPart> cuts) {
            this.parts = parts;
            this.cuts = cuts;
            this.next = first;
        }

        @Override
        public boolean hasNext() {
            return parts.hasNext();
        }

        @Override
        public long nextLong() {
            while (cutsPassed < cuts.size() && cuts.get(cutsPassed).place() == place) {
                next += cuts.get(cutsPassed++).operations();
                place++;
            }
            long counter = next;
            next += parts.next().operations().size();
            place++;
            return counter;
        }
    }
}

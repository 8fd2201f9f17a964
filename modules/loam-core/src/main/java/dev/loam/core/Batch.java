package dev.loam.core;

import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * An atomic transaction of one actor: applied as a whole or not at all.
 *
 * @param stamp of all its operations
 * @param firstCounter of its first operation; the others count on from it, part after part
 * @param dependencies the entries of its author's context that changed since the author's last
 *     batch, its own aside; ordered by actor
 * @param parts at least one, strictly ascending by the bytes of their keys
 * @param seed 16 random bytes
 */
public record Batch(
        Stamp stamp,
        long firstCounter,
        List<Dependency> dependencies,
        List<Part> parts,
        Bytes seed) {
    public static final int SEED_SIZE = 16;

    /**
     * @throws LoamException {@code LIMIT_EXCEEDED} if it has more than 1,000 operations
     */
    public Batch {
        dependencies =
                dependencies.stream().sorted(Comparator.comparing(Dependency::actor)).toList();
        parts = List.copyOf(parts);
        Invariant.check(firstCounter > 0, "first counter {0}", firstCounter);
        Invariant.check(!parts.isEmpty(), "a batch without parts");
        Invariant.check(seed.size() == SEED_SIZE, "seed has {0} bytes", seed.size());
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
        Limits.check("operations of a batch", count(parts), Limits.BATCH_OPERATIONS_MAX);
    }

    public int operationCount() {
        return count(parts);
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

    private static int count(List<Part> parts) {
        return parts.stream().mapToInt(part -> part.operations().size()).sum();
    }
}

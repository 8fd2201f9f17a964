package dev.loam.index;

import dev.loam.core.Invariant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Pending changes that Lucene takes over together, with the checkpoint that follows them if there
 * is one. Guarded by the lock of the {@link PendingTable} until the follower takes it; unchanged
 * from then on.
 */
final class Section {
    private final List<Generation> generations = new ArrayList<>();
    private long appliedThrough;
    private @Nullable IndexCheckpoint checkpoint;
    private long checkpointTicket;
    private boolean expunges;

    /**
     * Adds a generation. Two neighbours become one whenever the newer is no smaller than the older,
     * so that their number stays logarithmic and a record is moved a logarithmic number of times.
     */
    void add(Generation generation, long applied) {
        Invariant.check(checkpoint == null, "a sealed section takes no changes");
        Generation newest = generation;
        while (!generations.isEmpty() && newest.size() >= generations.getFirst().size()) {
            newest = Generation.merge(generations.removeFirst(), newest);
        }
        generations.addFirst(newest);
        appliedThrough = applied;
    }

    void seal(IndexCheckpoint with, long ticket) {
        checkpoint = with;
        checkpointTicket = ticket;
    }

    /** Takes the changes of the section before this one, whose checkpoint is given up. */
    void follow(Section before) {
        generations.addAll(before.generations);
        appliedThrough = Math.max(appliedThrough, before.appliedThrough);
        expunges |= before.expunges;
    }

    /** Has what was replaced go from the disk with the checkpoint. */
    void expunge() {
        expunges = true;
    }

    boolean expunges() {
        return expunges;
    }

    /** Newest first. */
    List<Generation> generations() {
        return generations;
    }

    /** The number of the last {@code apply} in it. */
    long appliedThrough() {
        return appliedThrough;
    }

    Optional<IndexCheckpoint> checkpoint() {
        return Optional.ofNullable(checkpoint);
    }

    long checkpointTicket() {
        return checkpointTicket;
    }

    boolean isEmpty() {
        return generations.isEmpty();
    }

    int records() {
        return generations.stream().mapToInt(Generation::size).sum();
    }

    long sizeBytes() {
        return generations.stream().mapToLong(Generation::sizeBytes).sum();
    }
}

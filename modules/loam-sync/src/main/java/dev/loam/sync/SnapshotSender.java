package dev.loam.sync;

import dev.loam.core.Invariant;
import dev.loam.core.VaultId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The snapshots that this side still owes, one vault after the other. It begins with them when no
 * batch is owed any more, so that all credit from then on is for chunks. Immutable.
 *
 * @param vaults not yet taken over there
 * @param chunks of the snapshot offered
 * @param needed of those, asked for and not yet sent, ascending
 * @param uncredited bytes of chunks sent and not yet granted anew
 */
record SnapshotSender(
        SortedSet<VaultId> vaults, Stage stage, int chunks, List<Integer> needed, long uncredited) {
    /** The bytes of a chunk at most. */
    static final int CHUNK_BYTES_MAX = 1 << 20;

    enum Stage {
        /** Of the first vault nothing has been asked yet. */
        IDLE,
        /** The driver makes a snapshot. */
        MAKING,
        /** The peer has been told of it, or has asked for chunks. */
        OFFERED,
        /** The driver reads a chunk. */
        READING
    }

    static SnapshotSender of(SortedSet<VaultId> vaults) {
        return new SnapshotSender(new TreeSet<>(vaults), Stage.IDLE, 0, List.of(), 0);
    }

    boolean isDone() {
        return vaults.isEmpty();
    }

    boolean isAtWork() {
        return stage == Stage.MAKING || stage == Stage.READING;
    }

    /** What to do next, if anything can be done now. */
    Optional<SyncEffect.OfSnapshot> next() {
        if (isDone() || isAtWork()) {
            return Optional.empty();
        }
        if (stage == Stage.IDLE) {
            return Optional.of(new SyncEffect.MakeSnapshot(vaults.first()));
        }
        return needed.isEmpty() || uncredited >= SyncSession.WINDOW_BYTES
                ? Optional.empty()
                : Optional.of(new SyncEffect.ReadChunk(vaults.first(), needed.getFirst()));
    }

    SnapshotSender awaiting() {
        return with(stage == Stage.IDLE ? Stage.MAKING : Stage.READING, needed);
    }

    SnapshotSender offered(Frame.Manifest manifest) {
        Invariant.check(
                stage == Stage.MAKING && manifest.vault().equals(vaults.first()),
                "A snapshot of {0} was not asked for",
                manifest.vault());
        return new SnapshotSender(vaults, Stage.OFFERED, manifest.chunks(), List.of(), uncredited);
    }

    SnapshotSender sent(Frame.Chunk chunk) {
        Invariant.check(
                stage == Stage.READING && chunk.index() == needed.getFirst(),
                "Chunk {0} was not asked for",
                chunk.index());
        List<Integer> left = needed.subList(1, needed.size());
        long more = uncredited + chunk.content().size();
        return new SnapshotSender(vaults, Stage.OFFERED, chunks, List.copyOf(left), more);
    }

    boolean accepts(Frame.Need need) {
        return stage == Stage.OFFERED
                && need.vault().equals(vaults.first())
                && needed.isEmpty()
                && need.chunks().stream().allMatch(index -> index < chunks);
    }

    SnapshotSender asked(Frame.Need need) {
        if (!need.chunks().isEmpty()) {
            return with(Stage.OFFERED, new ArrayList<>(need.chunks()));
        }
        SortedSet<VaultId> left = new TreeSet<>(vaults);
        left.remove(need.vault());
        return new SnapshotSender(left, Stage.IDLE, 0, List.of(), uncredited);
    }

    boolean accepts(Frame.Credit granted) {
        return granted.weight() <= uncredited;
    }

    SnapshotSender credited(Frame.Credit granted) {
        return new SnapshotSender(vaults, stage, chunks, needed, uncredited - granted.weight());
    }

    private SnapshotSender with(Stage next, List<Integer> asked) {
        return new SnapshotSender(vaults, next, chunks, List.copyOf(asked), uncredited);
    }
}

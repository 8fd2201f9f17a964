package dev.loam.sync;

import dev.loam.core.Invariant;
import dev.loam.core.VaultId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The snapshots that the peer still owes. Chunks that wait here to be kept are a window at most,
 * and one. Immutable.
 *
 * @param vaults not yet taken over here
 * @param offer the snapshot that the peer has made of the first of them
 * @param missing asked for and not arrived, ascending
 * @param waiting arrived and not yet kept
 */
record SnapshotReceiver(
        SortedSet<VaultId> vaults,
        Stage stage,
        Optional<Frame.Manifest> offer,
        List<Integer> missing,
        List<Frame.Chunk> waiting) {

    enum Stage {
        /** The peer makes a snapshot. */
        EXPECTING,
        /** The peer has told of it. */
        OFFERED,
        /** The driver looks which chunks it lacks. */
        WEIGHING,
        /** Chunks come. */
        TAKING,
        /** The driver keeps the first that waits. */
        KEEPING,
        /** The driver takes the whole over. */
        ADOPTING
    }

    static SnapshotReceiver of(SortedSet<VaultId> vaults) {
        return expecting(new TreeSet<>(vaults));
    }

    private static SnapshotReceiver expecting(SortedSet<VaultId> vaults) {
        return new SnapshotReceiver(
                vaults, Stage.EXPECTING, Optional.empty(), List.of(), List.of());
    }

    boolean isDone() {
        return vaults.isEmpty();
    }

    boolean isAtWork() {
        return stage == Stage.WEIGHING || stage == Stage.KEEPING || stage == Stage.ADOPTING;
    }

    /** Why the frame cannot be taken, if so. */
    Optional<EndReason> refusal(Frame.Manifest manifest, long bytesMax) {
        if (isDone() || stage != Stage.EXPECTING || !manifest.vault().equals(vaults.first())) {
            return Optional.of(EndReason.PROTOCOL);
        }
        return manifest.bytes() > bytesMax ? Optional.of(EndReason.DEFERRED) : Optional.empty();
    }

    Optional<EndReason> refusal(Frame.Chunk chunk) {
        boolean isNext =
                (stage == Stage.TAKING || stage == Stage.KEEPING)
                        && chunk.vault().equals(vaults.first())
                        && !missing.isEmpty()
                        && missing.getFirst() == chunk.index();
        if (!isNext) {
            return Optional.of(EndReason.PROTOCOL);
        }
        long held = waiting.stream().mapToLong(each -> each.content().size()).sum();
        boolean isTooMuch =
                chunk.content().size() > SnapshotSender.CHUNK_BYTES_MAX
                        || held >= SyncSession.WINDOW_BYTES;
        return isTooMuch ? Optional.of(EndReason.LIMIT_EXCEEDED) : Optional.empty();
    }

    SnapshotReceiver offered(Frame.Manifest manifest) {
        return new SnapshotReceiver(
                vaults, Stage.OFFERED, Optional.of(manifest), List.of(), List.of());
    }

    SnapshotReceiver arrived(Frame.Chunk chunk) {
        List<Frame.Chunk> more = new ArrayList<>(waiting);
        more.add(chunk);
        return with(stage, missing.subList(1, missing.size()), more);
    }

    /** What to do next, if anything can be done now. */
    Optional<SyncEffect.OfSnapshot> next() {
        return switch (stage) {
            case OFFERED -> {
                Frame.Manifest manifest = offer.orElseThrow();
                yield Optional.of(
                        new SyncEffect.WeighSnapshot(
                                manifest.vault(), manifest.chunks(), manifest.head()));
            }
            case TAKING -> {
                if (!waiting.isEmpty()) {
                    Frame.Chunk first = waiting.getFirst();
                    yield Optional.of(
                            new SyncEffect.KeepChunk(
                                    first.vault(), first.index(), first.content()));
                }
                yield missing.isEmpty()
                        ? Optional.of(new SyncEffect.AdoptSnapshot(vaults.first()))
                        : Optional.empty();
            }
            case EXPECTING, WEIGHING, KEEPING, ADOPTING -> Optional.empty();
        };
    }

    SnapshotReceiver awaiting(SyncEffect.OfSnapshot asked) {
        Stage next =
                switch (asked) {
                    case SyncEffect.WeighSnapshot _ -> Stage.WEIGHING;
                    case SyncEffect.KeepChunk _ -> Stage.KEEPING;
                    case SyncEffect.AdoptSnapshot _ -> Stage.ADOPTING;
                    case SyncEffect.MakeSnapshot _, SyncEffect.ReadChunk _ ->
                            throw new AssertionError("asked of the sender");
                };
        return with(next, missing, waiting);
    }

    SnapshotReceiver weighed(List<Integer> lacking) {
        expect(Stage.WEIGHING);
        return with(Stage.TAKING, lacking, List.of());
    }

    /** The chunk that was kept is the first that waits. */
    SnapshotReceiver kept() {
        expect(Stage.KEEPING);
        return with(Stage.TAKING, missing, waiting.subList(1, waiting.size()));
    }

    SnapshotReceiver adopted() {
        expect(Stage.ADOPTING);
        SortedSet<VaultId> left = new TreeSet<>(vaults);
        left.remove(vaults.first());
        return expecting(left);
    }

    private void expect(Stage wanted) {
        Invariant.check(stage == wanted, "An answer to {0} came at {1}", wanted, stage);
    }

    private SnapshotReceiver with(Stage next, List<Integer> lacking, List<Frame.Chunk> held) {
        return new SnapshotReceiver(vaults, next, offer, List.copyOf(lacking), List.copyOf(held));
    }
}

package dev.loam.sync;

import dev.loam.core.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What is owed either way that is no batch: snapshots of vaults whose settled batches one side
 * lacks.
 */
record Snapshots(SnapshotSender sender, SnapshotReceiver receiver) {
    static final Snapshots NONE =
            new Snapshots(SnapshotSender.of(new TreeSet<>()), SnapshotReceiver.of(new TreeSet<>()));

    static Snapshots between(Frame.Hello ours, Frame.Hello theirs) {
        return new Snapshots(
                SnapshotSender.of(Settlement.snapshots(theirs, ours)),
                SnapshotReceiver.of(Settlement.snapshots(ours, theirs)));
    }

    /** A step, and what it makes the session say and ask. */
    record Move(Snapshots next, List<Frame> frames, List<SyncEffect> effects) {}

    boolean isDone() {
        return sender.isDone() && receiver.isDone();
    }

    boolean isAtWork() {
        return sender.isAtWork() || receiver.isAtWork();
    }

    Optional<EndReason> refusal(Frame.OfSnapshot frame, long bytesMax) {
        return switch (frame) {
            case Frame.Manifest manifest -> receiver.refusal(manifest, bytesMax);
            case Frame.Chunk chunk -> receiver.refusal(chunk);
            case Frame.Need need ->
                    sender.accepts(need) ? Optional.empty() : Optional.of(EndReason.PROTOCOL);
        };
    }

    Snapshots accept(Frame.OfSnapshot frame) {
        return switch (frame) {
            case Frame.Manifest manifest -> new Snapshots(sender, receiver.offered(manifest));
            case Frame.Chunk chunk -> new Snapshots(sender, receiver.arrived(chunk));
            case Frame.Need need -> new Snapshots(sender.asked(need), receiver);
        };
    }

    boolean accepts(Frame.Credit granted) {
        return sender.accepts(granted);
    }

    Snapshots credited(Frame.Credit granted) {
        return new Snapshots(sender.credited(granted), receiver);
    }

    /** With the answer of the driver. */
    Move answered(SyncInput.OfSnapshot answer) {
        return switch (answer) {
            case SyncInput.SnapshotMade(var vault, int chunks, long bytes, Bytes head) -> {
                Frame.Manifest manifest = new Frame.Manifest(vault, chunks, bytes, head);
                yield move(sender.offered(manifest), receiver, manifest);
            }
            case SyncInput.ChunkRead(var vault, int index, Bytes content) -> {
                Frame.Chunk chunk = new Frame.Chunk(vault, index, content);
                yield move(sender.sent(chunk), receiver, chunk);
            }
            case SyncInput.SnapshotWeighed(var vault, List<Integer> lacking) -> {
                SnapshotReceiver next = receiver.weighed(lacking);
                yield lacking.isEmpty()
                        ? new Move(new Snapshots(sender, next), List.of(), List.of())
                        : move(sender, next, new Frame.Need(vault, lacking));
            }
            case SyncInput.ChunkKept _ -> {
                long size = receiver.waiting().getFirst().content().size();
                yield move(sender, receiver.kept(), new Frame.Credit(size));
            }
            case SyncInput.SnapshotAdopted(var vault) ->
                    move(sender, receiver.adopted(), new Frame.Need(vault, List.of()));
        };
    }

    private static Move move(SnapshotSender sender, SnapshotReceiver receiver, Frame frame) {
        return new Move(new Snapshots(sender, receiver), List.of(frame), List.of());
    }

    /**
     * What can be done next. What takes a driver long is told to the peer before, which else might
     * believe that this side has stalled.
     */
    Move goOn(Sender batches) {
        SnapshotSender nextSender = sender;
        SnapshotReceiver nextReceiver = receiver;
        List<Frame> frames = new ArrayList<>();
        List<SyncEffect> effects = new ArrayList<>();
        Optional<SyncEffect.OfSnapshot> toSend =
                batches.isDone() ? sender.next() : Optional.empty();
        if (toSend.isPresent()) {
            nextSender = sender.awaiting();
            effects.add(toSend.get());
        }
        Optional<SyncEffect.OfSnapshot> toTake = receiver.next();
        if (toTake.isPresent()) {
            nextReceiver = receiver.awaiting(toTake.get());
            effects.add(toTake.get());
        }
        if (effects.stream().anyMatch(Snapshots::takesLong)) {
            frames.add(new Frame.Pause(Frame.Pause.MILLIS_MAX));
        }
        return new Move(new Snapshots(nextSender, nextReceiver), frames, effects);
    }

    private static boolean takesLong(SyncEffect effect) {
        return effect instanceof SyncEffect.MakeSnapshot
                || effect instanceof SyncEffect.AdoptSnapshot;
    }
}

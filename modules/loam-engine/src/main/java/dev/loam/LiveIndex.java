package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.core.VaultId;
import dev.loam.index.IndexCheckpoint;
import dev.loam.index.IndexSnapshot;
import dev.loam.index.RecordIndex;
import dev.loam.log.OpLog;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The index that a store reads from. Opening it drops what cannot have been built from the log; a
 * rebuild puts another one in its place while readers go on, by one volatile write. Whoever opens
 * the store changes it, then the writer thread alone; any thread takes snapshots.
 */
final class LiveIndex implements AutoCloseable {
    private final StoreFolder store;
    private final Path path;
    private final OpLog log;
    private final MemoryLayout layout;
    private final IndexBuild build;

    /**
     * Held while a rebuilt index takes the old one's place: a reader that finds the old one closed
     * waits here for the new one.
     */
    private final ReentrantLock swapping = new ReentrantLock();

    private volatile RecordIndex index;

    private LiveIndex(StoreFolder store, OpLog log, MemoryLayout layout, IndexBuild build) {
        this.store = store;
        this.path = path(store);
        this.log = log;
        this.layout = layout;
        this.build = build;
        this.index = openUsable();
    }

    /**
     * Opens the index of a store, and goes on with a build of one where there is none.
     *
     * @param model that is wanted beside those by which the index lists what lacks a vector already
     */
    static LiveIndex open(StoreFolder store, OpLog log, Optional<String> model) {
        TreeSet<String> wanted = new TreeSet<>();
        store.peekIndex(path(store), Optional.of(log.store()))
                .flatMap(LiveIndex::readable)
                .map(Checkpoint::wanted)
                .ifPresent(wanted::addAll);
        model.ifPresent(wanted::add);
        MemoryLayout layout = new MemoryLayout(wanted);
        return new LiveIndex(store, log, layout, new IndexBuild(store, log, layout));
    }

    /** To where the index in a store's directory says that it goes, without opening it. */
    static Position covered(StoreFolder store) {
        return store.peekIndex(path(store), Optional.empty())
                .map(IndexCheckpoint::position)
                .orElse(Position.START);
    }

    private static Path path(StoreFolder store) {
        return store.resolve("index");
    }

    private static Optional<Checkpoint> readable(IndexCheckpoint commit) {
        try {
            return Optional.of(Checkpoint.decode(commit.engineState()));
        } catch (LoamException unreadable) {
            // The index is derived: the caller drops it, the log has all of it.
            return Optional.empty();
        }
    }

    /**
     * Opens the index, dropping it first if it cannot belong to what the log holds, or does not
     * list what lacks a vector of a model that is wanted now. Where there is none, one that was
     * being built takes its place.
     */
    private RecordIndex openUsable() {
        build.discardUnlessUsable();
        if (build.isUsable() && store.peekIndex(path, Optional.of(log.store())).isEmpty()) {
            build.moveTo(path);
        }
        RecordIndex opened = open();
        try {
            if (opened.committed().map(this::isUsable).orElse(true)) {
                return opened;
            }
        } catch (RuntimeException | Error failure) {
            opened.close();
            throw failure;
        }
        opened.close();
        IndexBuild.deleteTree(path);
        return open();
    }

    private RecordIndex open() {
        return store.openIndex(path, log.store(), layout);
    }

    private boolean isUsable(IndexCheckpoint commit) {
        return !commit.position().isAfter(log.end())
                && !isWithinCompacted(commit.position())
                && readable(commit)
                        .filter(known -> known.wanted().containsAll(layout.wanted()))
                        .filter(this::isOfSameSnapshots)
                        .isPresent();
    }

    /**
     * Whether an index lacks batches that a compaction may have let go. One that is being rebuilt
     * from the compacted segment is not told from one that is older than the compaction.
     */
    private boolean isWithinCompacted(Position position) {
        return log.compactedThrough().isAfter(position);
    }

    /**
     * Whether an index was built from the snapshots that the log begins with. Where the log has
     * lost what it begins with, nothing else than the index may hold that.
     */
    private boolean isOfSameSnapshots(Checkpoint known) {
        boolean isCompacted = log.compactedThrough().isAfter(Position.START);
        return Compaction.presentStates(log)
                .map(states -> states.adopted().equals(known.adopted()))
                .orElse(isCompacted || known.adopted().isEmpty());
    }

    /** Whether nothing has been committed to it. */
    boolean isNew() {
        return index.committed().isEmpty();
    }

    /** Replays into it what the log has beyond its last commit. */
    Recovery catchUp() {
        Recovery recovery = Recovery.goOn(log, index, layout.wanted());
        recovery.replay(Progress.NONE, Recovery.COMMIT_EVERY);
        return recovery;
    }

    /** The one in use; a rebuild closes it. */
    RecordIndex current() {
        return index;
    }

    /** Of the index in use, also of one that has just taken the place of another. */
    IndexSnapshot snapshot() {
        while (true) {
            RecordIndex current = index;
            try {
                return current.snapshot();
            } catch (LoamException closed) {
                swapping.lock();
                try {
                    // Another index is in place after a rebuild: try that one.
                    if (current == index) {
                        throw closed;
                    }
                } finally {
                    swapping.unlock();
                }
            }
        }
    }

    /**
     * Orders a commit to the log's end, to which the log has been forced: an index that covers what
     * the log lost would call the store damaged.
     */
    void checkpoint(StoreState state, RunTable runs, SortedMap<VaultId, Bytes> adopted) {
        SortedSet<String> wanted = layout.wanted();
        index.checkpoint(
                new IndexCheckpoint(
                        log.end(), new Checkpoint(state, runs, wanted, adopted).encode()));
    }

    /** Deletes what an interrupted rebuild has left to go on from. */
    void discardBuild() {
        build.discard();
    }

    /** Replays the whole log into a new index beside this one and puts it in its place. */
    Recovery rebuild(Progress progress, int commitEvery) {
        Recovery recovery = build.run(progress, commitEvery);
        swap();
        return recovery;
    }

    /** Open snapshots of the old index stay readable: its files go when the last one is closed. */
    private void swap() {
        swapping.lock();
        try {
            index.close();
            build.moveTo(path);
            index = open();
        } finally {
            swapping.unlock();
        }
    }

    @Override
    public void close() {
        index.close();
    }
}

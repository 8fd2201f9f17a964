package dev.loam.index;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.core.StoreId;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * The view of one store. What is applied is visible at once and is carried to Lucene by a thread of
 * the index's own; nothing is on the disk before a checkpoint, and what was applied after the last
 * one must be applied again after the next opening. To apply twice is harmless.
 *
 * <p>One thread applies and asks for checkpoints; any thread may do the rest.
 */
public final class RecordIndex implements AutoCloseable {
    private final Path directory;
    private final LuceneIndex lucene;
    private final Projector projector;
    private final PendingTable table;
    private final Thread follower;
    private final AtomicBoolean closed = new AtomicBoolean();

    private RecordIndex(
            Path directory, LuceneIndex lucene, Projector projector, OpenReader reader) {
        this.directory = directory;
        this.lucene = lucene;
        this.projector = projector;
        Position covered = lucene.committed().map(IndexCheckpoint::position).orElse(Position.START);
        table = new PendingTable(new View(covered, reader, List.of()));
        follower =
                Thread.ofPlatform()
                        .name("loam-index-follower")
                        .daemon()
                        .unstarted(new Follower(table, lucene, projector));
    }

    /** As {@link #open(Path, StoreId, Projector, Optional)}, of an index in the clear. */
    public static RecordIndex open(Path directory, StoreId store, Projector projector) {
        return open(directory, store, projector, Optional.empty());
    }

    /**
     * Opens the index in {@code directory}. One that is absent, damaged, of another store, of
     * another version of Loam, or not sealed as {@code sealing} says is emptied: {@link #committed}
     * is then empty.
     *
     * @param sealing empty for an index in the clear. A sealed one is held in memory, whole
     * @throws LoamException {@code STORE_BUSY} if it is open already, {@code PERMISSIONS}, {@code
     *     IO_FAILED}; {@code INVALID_CONFIG} if the JVM has not the memory for a sealed one; what
     *     {@code sealing} throws
     */
    public static RecordIndex open(
            Path directory, StoreId store, Projector projector, Optional<IndexSealing> sealing) {
        LuceneLogging.silence();
        try {
            LuceneIndex lucene = LuceneIndex.open(new IndexFiles(directory, sealing), store);
            RecordIndex index = new RecordIndex(directory, lucene, projector, lucene.firstReader());
            index.follower.start();
            return index;
        } catch (AccessDeniedException denied) {
            throw new LoamException(
                    ErrorCode.PERMISSIONS,
                    "the index in "
                            + directory
                            + " cannot be opened: access to "
                            + denied.getFile()
                            + " is denied",
                    denied);
        } catch (IOException failure) {
            throw new LoamException(
                    ErrorCode.IO_FAILED,
                    "the index in " + directory + " cannot be opened",
                    failure);
        }
    }

    /** As {@link #peek(Path, Optional, Optional)}, of an index in the clear. */
    public static Optional<IndexCheckpoint> peek(Path directory, Optional<StoreId> store) {
        return peek(directory, store, Optional.empty());
    }

    /**
     * What the index in {@code directory} says it covers, without opening it. Empty if there is
     * none, if it cannot be read, or if it is not {@code store}'s.
     *
     * @param store empty to accept any store's
     * @param sealing empty for an index in the clear
     */
    public static Optional<IndexCheckpoint> peek(
            Path directory, Optional<StoreId> store, Optional<IndexSealing> sealing) {
        LuceneLogging.silence();
        return LuceneIndex.peek(new IndexFiles(directory, sealing), store);
    }

    /** What the index covered when it was opened: all up to there must not be applied again. */
    public Optional<IndexCheckpoint> committed() {
        return lucene.committed();
    }

    /**
     * Makes the new states visible; they are when it returns. Waits while 65,536 records or 64 MiB
     * are pending.
     *
     * @param through the position of the last batch that is now visible
     * @throws LoamException {@code IO_FAILED} once the index could not carry what was applied
     */
    public void apply(List<RecordChange> changes, Position through) {
        table.add(changes, through);
    }

    /**
     * From now on much is applied and nobody searches: what is applied is carried in larger
     * portions, by two threads. Reads see what they see otherwise.
     */
    public void beginLoading() {
        lucene.setLoading(true);
        table.setLoading(true);
    }

    /** Ends what {@link #beginLoading} began. */
    public void endLoading() {
        table.setLoading(false);
        lucene.setLoading(false);
    }

    /** What is visible now. Cheap; to be closed, because it keeps files open. */
    public IndexSnapshot snapshot() {
        View view = table.view();
        while (!view.reader().retain()) {
            View newer = table.view();
            if (closed.get()) {
                throw new LoamException(ErrorCode.CLOSED, "the index is closed");
            }
            view = newer;
        }
        return new IndexSnapshot(view, projector);
    }

    /**
     * Returns when all that was applied before the call is found by {@link IndexSnapshot#search}.
     * Costs nothing if it is already.
     *
     * @throws LoamException as {@link #apply}
     */
    public void refresh() {
        table.awaitCarried();
    }

    /**
     * Has all that was applied before the call, and nothing applied after it, written to the disk
     * under this checkpoint. Does not wait for it. A checkpoint that the index has not begun with
     * gives way to the next one.
     *
     * @throws LoamException as {@link #apply}
     */
    public void checkpoint(IndexCheckpoint checkpoint) {
        table.checkpoint(checkpoint);
    }

    /**
     * Has the next {@link #checkpoint} leave nothing on the disk of states that were replaced
     * before it: words, vectors, stored bytes. Rewrites all segments that hold any; files that an
     * open snapshot reads go when it is closed.
     */
    public void expungeWithNextCheckpoint() {
        table.expungeWithNext();
    }

    /**
     * Returns when the checkpoints asked for before the call are on the disk.
     *
     * @throws LoamException as {@link #apply}
     */
    public void awaitCheckpoint() {
        table.awaitCommitted();
    }

    /** What the directory takes on the disk. */
    public long sizeBytes() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.mapToLong(RecordIndex::sizeOf).sum();
        } catch (IOException failure) {
            throw new LoamException(
                    ErrorCode.IO_FAILED, "cannot list the index in " + directory, failure);
        }
    }

    /** Zero for a file that a merge has just removed. */
    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException gone) {
            return 0;
        }
    }

    /**
     * Ends the follower after what it has begun. What no finished checkpoint covers is given up,
     * waiting checkpoints too. Snapshots stay usable until they are closed.
     */
    @Override
    public void close() {
        table.stop();
        awaitFollower();
        if (closed.getAndSet(true)) {
            return;
        }
        try {
            lucene.close();
        } catch (IOException failure) {
            throw new LoamException(
                    ErrorCode.IO_FAILED, "the index in " + directory + " did not close", failure);
        } finally {
            table.view().reader().release();
        }
    }

    private void awaitFollower() {
        boolean interrupted = false;
        while (follower.isAlive()) {
            try {
                follower.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

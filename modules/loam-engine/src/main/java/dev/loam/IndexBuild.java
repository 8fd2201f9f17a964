package dev.loam;

import dev.loam.core.ActorState;
import dev.loam.core.BatchId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.index.IndexCheckpoint;
import dev.loam.index.RecordIndex;
import dev.loam.log.LogItem;
import dev.loam.log.OpLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The index that is built from the log beside the one in use. What an interrupted build has
 * committed is gone on from, if it is certain that it was built from this log: it says that it is
 * of this store and lists what lacks a vector of the same models, and the log has, at the position
 * to which it goes, the very batch with which its state ends.
 */
final class IndexBuild {
    /** Where it is built. */
    private final Path path;

    private final StoreFolder store;
    private final OpLog log;
    private final MemoryLayout layout;

    IndexBuild(StoreFolder store, OpLog log, MemoryLayout layout) {
        this.path = store.resolve("index.tmp");
        this.store = store;
        this.log = log;
        this.layout = layout;
    }

    /**
     * Builds it to the end of the log, or to where it is interrupted. It is on the disk and closed
     * when this returns.
     *
     * @throws LoamException {@code CORRUPT} if the log is damaged: the index in use may hold what
     *     the log has lost
     */
    Recovery run(Progress progress, int commitEvery) {
        discardUnlessUsable();
        try (RecordIndex index = store.openIndex(path, log.store(), layout)) {
            Recovery recovery = Recovery.goOn(log, index, layout.wanted());
            recovery.replay(guarded(progress), commitEvery);
            if (!recovery.damage().isEmpty()) {
                throw new LoamException(
                        ErrorCode.CORRUPT,
                        "the index was not rebuilt, it may hold what the log has lost: "
                                + recovery.damage().getFirst());
            }
            index.checkpoint(new IndexCheckpoint(log.end(), recovery.reached().encode()));
            index.awaitCheckpoint();
            return recovery;
        }
    }

    /** A callback that throws ends the build, and nothing else. */
    private static Progress guarded(Progress progress) {
        return (done, total) -> {
            try {
                progress.at(done, total);
            } catch (LoamException known) {
                throw known;
            } catch (RuntimeException foreign) {
                throw new LoamException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the rebuild was interrupted by its progress callback; the next one goes"
                                + " on where it has come to",
                        foreign);
            }
        };
    }

    /** Puts what was built in the place of the index, which is closed. */
    void moveTo(Path index) {
        deleteTree(index);
        try {
            Files.move(path, index, StandardCopyOption.ATOMIC_MOVE);
            WholeFile.forceDirectory(store.path());
        } catch (IOException failure) {
            throw new LoamException(
                    ErrorCode.IO_FAILED,
                    "the rebuilt index cannot be put in place; reopen the store",
                    failure);
        }
    }

    void discardUnlessUsable() {
        if (!isUsable()) {
            discard();
        }
    }

    /** Deletes what was built so far. */
    void discard() {
        deleteTree(path);
    }

    /** Whether there is a build of this log to go on from. */
    boolean isUsable() {
        try {
            return store.peekIndex(path, Optional.of(log.store()))
                    .filter(this::isOfLog)
                    .isPresent();
        } catch (LoamException unreadable) {
            return false;
        }
    }

    private boolean isOfLog(IndexCheckpoint commit) {
        Position position = commit.position();
        if (position.equals(Position.START) || position.isAfter(log.end())) {
            return false;
        }
        Checkpoint known = Checkpoint.decode(commit.engineState());
        try (LogWalk walk = LogWalk.after(log, new Position(position.number() - 1))) {
            return known.wanted().equals(layout.wanted())
                    && walk.hasNext()
                    && walk.next() instanceof LogItem.Entry entry
                    && entry.position().equals(position)
                    && endsWith(known.state(), LogEntry.decode(entry.payload()));
        }
    }

    /** The chain hash stands for all batches of its author, and these for all that they saw. */
    private static boolean endsWith(StoreState state, LogEntry entry) {
        BatchId id = entry.id();
        return state.vault(id.vault())
                .actor(id.actor())
                .filter(author -> author.tip().sequence() == id.sequence())
                .map(ActorState::hash)
                .filter(entry.hash()::equals)
                .isPresent();
    }

    static void deleteTree(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException failure) {
            throw new LoamException(
                    ErrorCode.IO_FAILED, root + " cannot be deleted; delete it by hand", failure);
        }
    }
}

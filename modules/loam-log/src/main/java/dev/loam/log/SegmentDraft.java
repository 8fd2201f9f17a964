package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.Invariant;
import dev.loam.core.Position;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a compaction writes: one segment that is to stand for all positions from the log's first
 * through {@link #last}. First its states, then packs that take every position. It is nothing to
 * the log, and gone at the next opening, until {@link OpLog#replace} has listed it. For one thread
 * at a time.
 */
public final class SegmentDraft implements AutoCloseable {
    /** So many positions one pack takes at most. */
    public static final int PACK_MAX = Frame.COUNT_MAX;

    private final StoreFiles files;
    private final LogDirectory log;
    private final LogDirectory own;
    private final LogKeys keys;
    private final SegmentHead head;
    private final Bytes replacedChain;
    private final ActiveSegment segment;
    private int states;
    private long next;
    private @Nullable Footer footer;
    private boolean isDone;

    /**
     * @param own where it is written, in the way of a log
     * @param replacedChain at the end of the segments that it is to stand for
     */
    SegmentDraft(
            StoreFiles files,
            LogDirectory log,
            LogDirectory own,
            LogKeys keys,
            Bytes replacedChain,
            ActiveSegment segment) {
        this.files = files;
        this.log = log;
        this.own = own;
        this.keys = keys;
        this.head = segment.head();
        this.replacedChain = replacedChain;
        this.segment = segment;
        this.next = head.firstPosition();
    }

    /** The last position that it stands for. */
    public Position last() {
        return new Position(head.replacedThrough());
    }

    /**
     * Adds a part of the states, before any pack.
     *
     * @throws dev.loam.core.LoamException {@code DISK_FULL}, {@code IO_FAILED}: the draft is of no
     *     use any more and the log as it was
     */
    public void addStates(Bytes payload) {
        Invariant.check(next == head.firstPosition(), "states behind position {0}", next);
        write(Frame.STATES, 0, payload);
        states++;
    }

    /**
     * Adds a pack that takes the next {@code count} positions.
     *
     * @param count 1 to {@link #PACK_MAX}
     * @throws dev.loam.core.LoamException as {@link #addStates}
     */
    public void addPack(int count, Bytes payload) {
        Invariant.check(
                count > 0 && count <= Frame.COUNT_MAX && next + count - 1 <= head.replacedThrough(),
                "{0} positions from {1} on",
                count,
                next);
        write(Frame.PACK, count, payload);
        next += count;
    }

    private void write(int kind, int count, Bytes payload) {
        try {
            segment.appendCompacted(kind, count, states, payload);
        } catch (IOException refused) {
            throw DiskFault.writing("compacting the log", own.path(), refused);
        } catch (InternalError fault) {
            throw DiskFault.mapping("compacting the log", own.path(), fault);
        }
    }

    /**
     * Ends it and forces it to the disk. It is then to be read through {@link #read} and compared
     * with what it stands for, before {@link OpLog#replace}.
     *
     * @throws dev.loam.core.LoamException as {@link #addStates}
     */
    public void seal() {
        Invariant.check(next - 1 == head.replacedThrough(), "sealed at {0}", next);
        try {
            Footer sealed = segment.seal(states, Optional.of(replacedChain));
            files.replace(own.footer(head.name().number()), sealed.encode());
            files.forceDirectory(own.path());
            footer = sealed;
        } catch (IOException refused) {
            throw DiskFault.writing("compacting the log", own.path(), refused);
        } catch (InternalError fault) {
            throw DiskFault.mapping("compacting the log", own.path(), fault);
        }
    }

    /** Reads from the disk what was sealed. */
    public LogReader read() {
        LogView view = new LogView(head.replacedThrough(), List.of(entry()), Optional.empty());
        return new LogReader(
                own, keys, new Leases().take(() -> view), new Position(head.firstPosition() - 1));
    }

    /** Of its file, once sealed. */
    public long bytes() {
        return entry().bytes();
    }

    SegmentEntry.Sealed entry() {
        return Objects.requireNonNull(footer, "the draft is not sealed").entry();
    }

    /** Moves it to where the log looks for it; it does not count before it is listed. */
    void putInPlace() throws IOException {
        long number = head.name().number();
        isDone = true;
        files.rename(own.segment(number), log.segment(number));
        files.forceDirectory(own.path());
        files.deleteDirectory(own.path());
    }

    /** Deletes it, unless it has become a part of the log. Idempotent. */
    @Override
    public void close() {
        if (isDone) {
            return;
        }
        isDone = true;
        try {
            segment.abandon();
            files.deleteDirectory(own.path());
        } catch (IOException leftForTheNextOpening) {
            return;
        }
    }
}

package dev.loam.index;

import dev.loam.core.ErrorCode;
import dev.loam.core.Invariant;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The records that Lucene does not hold yet, and the door between the threads that use an index.
 *
 * <p>Reads take the {@link View}, one volatile read, and never lock. The writer adds to the open
 * section; a checkpoint seals it, so that what is applied later cannot slip under the checkpoint.
 * The follower takes one section after another. A section's records leave the view in the same
 * write that puts in the reader which holds them: no read ever misses one.
 */
final class PendingTable {
    static final int RECORDS_MAX = 65_536;
    static final long BYTES_MAX = 64L << 20;

    /** While loading: what is carried, and what waits behind it. */
    private static final int LOADING_RECORDS_MAX = 2 * Pace.LOADING.records();

    /** Guards everything below; held neither across I/O nor across a callback. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition work = lock.newCondition();
    private final Condition progress = lock.newCondition();

    private Section open = new Section();
    private @Nullable Section sealed;
    private @Nullable Section taken;

    private long applied;
    private long refreshWanted;
    private long carried;
    private long checkpointsAsked;
    private long checkpointsDone;
    private boolean roomWanted;
    private boolean expungeWanted;
    private boolean stopped;
    private @Nullable Throwable failure;
    private boolean loading;
    private Pace pace = Pace.CALM;

    private volatile View view;

    PendingTable(View first) {
        view = first;
    }

    View view() {
        return view;
    }

    /** Makes the changes visible; waits first while the table is full. */
    void add(List<RecordChange> changes, Position through) {
        Optional<Generation> added =
                changes.isEmpty() ? Optional.empty() : Optional.of(Generation.of(changes));
        lock.lock();
        try {
            while (isFull()) {
                checkUsable();
                roomWanted = true;
                work.signal();
                progress.awaitUninterruptibly();
            }
            roomWanted = false;
            checkUsable();
            if (added.isPresent()) {
                boolean wasEmpty = open.isEmpty();
                open.add(added.get(), ++applied);
                if (wasEmpty || open.records() >= pace().records()) {
                    work.signal();
                }
            }
            publish(through, view.reader());
        } finally {
            lock.unlock();
        }
    }

    /** Whether what is added is carried in large portions, for as long as nobody searches. */
    void setLoading(boolean now) {
        lock.lock();
        try {
            loading = now;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Has the next checkpoint leave nothing on the disk of what was replaced before it. */
    void expungeWithNext() {
        lock.lock();
        try {
            expungeWanted = true;
        } finally {
            lock.unlock();
        }
    }

    void checkpoint(IndexCheckpoint checkpoint) {
        lock.lock();
        try {
            checkUsable();
            open.seal(checkpoint, ++checkpointsAsked);
            if (expungeWanted) {
                open.expunge();
                expungeWanted = false;
            }
            if (sealed != null) {
                open.follow(sealed);
            }
            sealed = open;
            open = new Section();
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Returns when what was added before the call is in the reader. */
    void awaitCarried() {
        lock.lock();
        try {
            long target = applied;
            while (carried < target) {
                checkUsable();
                refreshWanted = Math.max(refreshWanted, target);
                work.signal();
                progress.awaitUninterruptibly();
            }
            checkUsable();
        } finally {
            lock.unlock();
        }
    }

    /** Returns when the checkpoints that were asked for before the call are on the disk. */
    void awaitCommitted() {
        lock.lock();
        try {
            long target = checkpointsAsked;
            while (checkpointsDone < target) {
                checkUsable();
                progress.awaitUninterruptibly();
            }
            checkUsable();
        } finally {
            lock.unlock();
        }
    }

    /** The follower's next work; empty when it shall end. */
    Optional<Section> take() {
        lock.lock();
        try {
            Invariant.check(taken == null, "one section at a time");
            long nanos = pace().nanos();
            while (!stopped) {
                if (sealed != null) {
                    taken = sealed;
                    sealed = null;
                    return Optional.of(taken);
                }
                if (open.isEmpty()) {
                    work.awaitUninterruptibly();
                    nanos = pace().nanos();
                } else if (nanos <= 0
                        || roomWanted
                        || refreshWanted > carried
                        || open.records() >= pace().records()) {
                    pace = pace.after(open.records());
                    taken = open;
                    open = new Section();
                    return Optional.of(taken);
                } else {
                    nanos = work.awaitNanos(nanos);
                }
            }
            return Optional.empty();
        } catch (InterruptedException foreign) {
            throw new AssertionError("nothing interrupts the follower", foreign);
        } finally {
            lock.unlock();
        }
    }

    /** What was taken is in {@code reader}, which belongs to the view from now on. */
    void carried(OpenReader reader) {
        OpenReader before = view.reader();
        lock.lock();
        try {
            Section done = Objects.requireNonNull(taken);
            taken = null;
            carried = Math.max(carried, done.appliedThrough());
            publish(view.position(), reader);
            progress.signalAll();
        } finally {
            lock.unlock();
        }
        if (before != reader) {
            before.release();
        }
    }

    void committed(Section section) {
        lock.lock();
        try {
            checkpointsDone = section.checkpointTicket();
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The follower cannot go on; whoever waits or comes hears of it. Reads go on. */
    void fail(Throwable cause) {
        lock.lock();
        try {
            failure = failure == null ? cause : failure;
            stopped = true;
            progress.signalAll();
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the follower and every wait. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            progress.signalAll();
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void publish(Position position, OpenReader reader) {
        List<Generation> pending = new ArrayList<>(open.generations());
        if (sealed != null) {
            pending.addAll(sealed.generations());
        }
        if (taken != null) {
            pending.addAll(taken.generations());
        }
        view = new View(position, reader, pending);
    }

    private Pace pace() {
        return loading ? Pace.LOADING : pace;
    }

    private boolean isFull() {
        int records = 0;
        long bytes = 0;
        for (Generation generation : view.pending()) {
            records += generation.size();
            bytes += generation.sizeBytes();
        }
        return records >= (loading ? LOADING_RECORDS_MAX : RECORDS_MAX) || bytes >= BYTES_MAX;
    }

    private void checkUsable() {
        if (failure != null) {
            ErrorCode code =
                    switch (failure) {
                        case LoamException known -> known.code();
                        case AssertionError bug -> ErrorCode.BUG;
                        default -> ErrorCode.IO_FAILED;
                    };
            throw new LoamException(
                    code,
                    "the index cannot take over what was written; the log has it: reopen the store",
                    failure);
        }
        if (stopped) {
            throw new LoamException(ErrorCode.CLOSED, "the index is closed");
        }
    }
}

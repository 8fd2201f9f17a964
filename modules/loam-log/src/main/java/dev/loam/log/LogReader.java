package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The items of the log from one position on, up to the end as it was when the reader was made.
 * Every position is in exactly one item, in order, but for those whose payloads a compaction let
 * go: they are in a pack that holds nothing of them. For one thread at a time; holds a file open
 * until it is closed.
 *
 * <p>A reader that failed fails again with the same error: it never leaves out an item.
 */
public final class LogReader implements Iterator<LogItem>, AutoCloseable {
    private static final int READ_AHEAD_BYTES = 64 << 10;

    private final LogDirectory log;
    private final LogKeys keys;
    private final Leases.Lease lease;
    private final LogView view;
    private final Iterator<SegmentEntry.Sealed> segments;
    private final Queue<LogItem> ready = new ArrayDeque<>();
    private long expected;

    /** Frames of states met in the present segment; negative where they are not asked for. */
    private long states;

    private SegmentEntry.@Nullable Sealed segment;
    private @Nullable FileChannel channel;
    private @Nullable SegmentCursor cursor;
    private @Nullable PayloadOpener opener;
    private @Nullable LoamException failure;
    private boolean isClosed;

    LogReader(LogDirectory log, LogKeys keys, Leases.Lease lease, Position after) {
        this.log = log;
        this.keys = keys;
        this.lease = lease;
        this.view = lease.view();
        this.expected = after.number() + 1;
        this.segments = view.segments().iterator();
    }

    /** See {@link OpLog#statesAt}. */
    static Optional<Bytes> statesAt(
            LogDirectory log, LogKeys keys, LogView view, long segment, long place)
            throws IOException {
        for (SegmentEntry.Sealed entry : view.sealed()) {
            if (entry.name().number() == segment && entry.isCompacted()) {
                try (FileChannel channel =
                                FileChannel.open(log.frames(segment), StandardOpenOption.READ);
                        PayloadOpener opener = keys.opener(entry.name())) {
                    return opener.lacksKey()
                            ? Optional.empty()
                            : statesIn(channel, entry, opener, place);
                } catch (NoSuchFileException gone) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Bytes> statesIn(
            FileChannel channel, SegmentEntry.Sealed entry, PayloadOpener opener, long place)
            throws IOException {
        SegmentCursor cursor =
                new SegmentCursor(channel, entry.name(), channel.size(), READ_AHEAD_BYTES);
        cursor.seek(place);
        Frame frame = cursor.next(entry.first());
        if (frame == null || frame.kind() != Frame.STATES || cursor.wordOffset() != place) {
            return Optional.empty();
        }
        return Optional.of(opener.payload(cursor, frame));
    }

    /** Whether there is another item; reads nothing. */
    @Override
    public boolean hasNext() {
        return !ready.isEmpty() || expected <= view.end();
    }

    /**
     * The next item.
     *
     * @throws NoSuchElementException if there is none
     * @throws LoamException {@code IO_FAILED}, {@code PERMISSIONS}, {@code FORMAT_VERSION} if a
     *     file cannot be read at all; {@code TAMPERED} if a sealed log holds what was not written
     *     with its keys, {@code KEY_MISSING} if a log that was opened without keys holds what is
     *     sealed; {@code CLOSED} after {@link #close}
     */
    @Override
    public LogItem next() {
        if (isClosed) {
            throw new LoamException(ErrorCode.CLOSED, "the log reader is closed. Make a new one");
        }
        LoamException before = failure;
        if (before != null) {
            throw before;
        }
        if (!hasNext()) {
            throw new NoSuchElementException("the log has no position after " + view.end());
        }
        try {
            while (ready.isEmpty()) {
                advance();
            }
            return ready.remove();
        } catch (IOException fault) {
            failure = DiskFault.reading("reading the log", log.path(), fault);
            throw failure;
        } catch (LoamException told) {
            failure = told;
            throw told;
        }
    }

    private void advance() throws IOException {
        SegmentEntry.Sealed current = segment;
        SegmentCursor walking = cursor;
        PayloadOpener opening = opener;
        if (current == null || walking == null || opening == null) {
            enterNextSegment();
            return;
        }
        Frame frame = walking.next(expected);
        // Opened before anything that it says of itself is believed.
        Bytes payload = frame == null ? Bytes.EMPTY : opening.payload(walking, frame);
        if (frame != null && !walking.believes(frame, expected)) {
            return;
        }
        checkStates(current, frame);
        if (frame == null || frame.next() - 1 > current.last() || frame.kind() == Frame.SEAL) {
            damagedThrough(
                    current.last(),
                    "segment " + current.name().number() + " of the log lacks sound frames");
            leaveSegment();
            return;
        }
        damagedThrough(
                frame.position() - 1,
                "segment " + current.name().number() + " of the log is damaged");
        switch (frame.kind()) {
            case Frame.BATCH ->
                    ready.add(new LogItem.Entry(new Position(frame.position()), payload));
            case Frame.PACK ->
                    ready.add(
                            new LogItem.Pack(
                                    new Position(frame.position()),
                                    Math.toIntExact(frame.count()),
                                    payload));
            case Frame.STATES -> {
                ready.add(new LogItem.States(states, walking.wordOffset(), payload));
                states++;
            }
            default ->
                    // HEAD takes no position; what a newer version added and may be skipped could.
                    damagedThrough(
                            frame.next() - 1,
                            "segment "
                                    + current.name().number()
                                    + " of the log holds what this version of Loam cannot read");
        }
        expected = frame.next();
        if (expected > current.last()) {
            leaveSegment();
        }
    }

    /** Each frame of a compacted segment says how many states stand before it. */
    private void checkStates(SegmentEntry.Sealed current, @Nullable Frame frame) {
        if (!current.isCompacted() || states < 0 || (frame != null && frame.unforced() == states)) {
            return;
        }
        ready.add(
                new LogItem.LostStates(
                        "segment " + current.name().number() + " of the log is damaged"));
        states = frame == null ? -1 : frame.unforced();
    }

    /** Adds an item for the positions from the expected one on, if there are any. */
    private void damagedThrough(long last, String what) {
        if (expected <= last) {
            ready.add(new PositionRange(expected, last).damaged(what));
            expected = last + 1;
        }
    }

    private void enterNextSegment() throws IOException {
        while (segments.hasNext()) {
            SegmentEntry.Sealed candidate = segments.next();
            if (candidate.last() >= expected) {
                damagedThrough(candidate.first() - 1, "no segment of the log holds them");
                enter(candidate);
                return;
            }
        }
        damagedThrough(view.end(), "no segment of the log holds them");
    }

    private void enter(SegmentEntry.Sealed entered) throws IOException {
        long number = entered.name().number();
        Path file = log.frames(number);
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
        } catch (NoSuchFileException missing) {
            lost(entered, "segment " + number + " of the log is missing: " + file);
            return;
        }
        PayloadOpener opening = keys.opener(entered.name());
        opener = opening;
        if (opening.lacksKey()) {
            lost(entered, PayloadOpener.missingKey(entered.name()));
            leaveSegment();
            return;
        }
        segment = entered;
        PositionOffsets offsets = PositionOffsets.empty(entered.first());
        long limit = channel.size();
        Optional<LogView.Active> active = view.active();
        if (active.isPresent() && active.get().name().equals(entered.name())) {
            offsets = active.get().offsets();
            limit = Math.min(limit, active.get().contentEnd());
        } else {
            Optional<Footer> footer = log.readFooter(number);
            if (footer.isPresent() && footer.get().entry().name().equals(entered.name())) {
                offsets = footer.get().offsets();
                limit = Math.min(limit, footer.get().contentEnd());
            }
        }
        cursor = new SegmentCursor(channel, entered.name(), limit, READ_AHEAD_BYTES);
        states = expected > entered.first() ? -1 : 0;
        if (states < 0 || !entered.isCompacted()) {
            walkTo(cursor, offsets);
        }
    }

    private void lost(SegmentEntry.Sealed missed, String what) {
        if (missed.isCompacted()) {
            ready.add(new LogItem.LostStates(what));
        }
        damagedThrough(missed.last(), what);
    }

    /** Goes to the expected position from the nearest one before it whose offset is known. */
    private void walkTo(SegmentCursor walking, PositionOffsets offsets) throws IOException {
        walking.seek(offsets.before(expected));
        long at = offsets.positionBefore(expected);
        while (at < expected) {
            Frame frame = walking.nextBelieved(at);
            if (frame == null) {
                return;
            }
            if (frame.next() > expected && frame.count() > 0) {
                expected = Math.min(expected, frame.position());
                walking.seek(walking.wordOffset());
                return;
            }
            at = frame.next();
        }
    }

    private void leaveSegment() throws IOException {
        FileChannel open = channel;
        PayloadOpener opening = opener;
        segment = null;
        cursor = null;
        channel = null;
        opener = null;
        if (opening != null) {
            opening.close();
        }
        if (open != null) {
            open.close();
        }
    }

    /** Lets go of the file. Idempotent. */
    @Override
    public void close() {
        isClosed = true;
        ready.clear();
        try {
            leaveSegment();
        } catch (IOException fault) {
            throw DiskFault.reading("closing a reader of the log", log.path(), fault);
        } finally {
            lease.close();
        }
    }
}

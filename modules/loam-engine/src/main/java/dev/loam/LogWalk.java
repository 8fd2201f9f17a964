package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.Position;
import dev.loam.log.LogItem;
import dev.loam.log.LogReader;
import dev.loam.log.OpLog;
import dev.loam.log.SegmentDraft;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;

/**
 * The items of a log with packs opened: entries one by one, and nothing for a position that a
 * compaction let go. For one thread at a time.
 */
final class LogWalk implements Iterator<LogItem.Single>, AutoCloseable {
    private final LogReader reader;
    private final Position after;
    private final Queue<LogItem.Single> ready = new ArrayDeque<>();

    private LogWalk(LogReader reader, Position after) {
        this.reader = reader;
        this.after = after;
    }

    static LogWalk after(OpLog log, Position position) {
        return new LogWalk(log.readAfter(position), position);
    }

    static LogWalk of(SegmentDraft draft) {
        return new LogWalk(draft.read(), Position.START);
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && reader.hasNext()) {
            switch (reader.next()) {
                case LogItem.Pack pack -> open(pack);
                case LogItem.Single other -> ready.add(other);
            }
        }
        return !ready.isEmpty();
    }

    private void open(LogItem.Pack pack) {
        List<Optional<Bytes>> payloads = Pack.payloads(pack.payload(), pack.count());
        for (int i = 0; i < payloads.size(); i++) {
            Position position = pack.first().plus(i);
            if (position.isAfter(after)) {
                payloads.get(i)
                        .ifPresent(payload -> ready.add(new LogItem.Entry(position, payload)));
            }
        }
    }

    @Override
    public LogItem.Single next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the log has no more items");
        }
        return ready.remove();
    }

    @Override
    public void close() {
        reader.close();
    }
}

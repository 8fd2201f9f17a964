package dev.loam;

import dev.loam.core.Position;
import dev.loam.log.LogItem;
import dev.loam.log.OpLog;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads single entries of the log by their positions. For one thread; holds a file open. */
final class EntryReader implements AutoCloseable {
    /** So far ahead, reading on costs less than opening the file at another place. */
    private static final long READ_ON_MAX = 64;

    private final OpLog log;
    private @Nullable LogWalk reader;
    private long reached;
    private long entriesRead;
    private boolean damage;

    EntryReader(OpLog log) {
        this.log = log;
    }

    /** The entry at a position up to the log's end; empty if it is damaged. */
    Optional<LogEntry> at(Position wanted) {
        long position = wanted.number();
        LogWalk open = reader;
        if (open == null || position <= reached || position - reached > READ_ON_MAX) {
            close();
            open = LogWalk.after(log, new Position(position - 1));
            reader = open;
            reached = position - 1;
        }
        while (reached < position && open.hasNext()) {
            switch (open.next()) {
                case LogItem.Entry(Position here, var payload) -> {
                    entriesRead++;
                    reached = here.number();
                    if (reached == position) {
                        return Optional.of(LogEntry.decode(payload));
                    }
                }
                case LogItem.Damage(Position first, Position last, String what) ->
                        reached = last.number();
                case LogItem.States _, LogItem.LostStates _ -> {
                    // They take no position.
                }
            }
        }
        damage = true;
        return Optional.empty();
    }

    /** Whether something that was asked for could not be read. */
    boolean metDamage() {
        return damage;
    }

    long entriesRead() {
        return entriesRead;
    }

    @Override
    public void close() {
        LogWalk open = reader;
        reader = null;
        if (open != null) {
            open.close();
        }
    }
}

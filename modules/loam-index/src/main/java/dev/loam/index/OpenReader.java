package dev.loam.index;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReaderContext;

/**
 * A Lucene reader, which never changes, with what is worth keeping for as long as it is open.
 * Counted: it closes with its last user.
 */
final class OpenReader {
    private final DirectoryReader reader;
    private final StatisticsCache statistics;

    /** Lookups that nobody is using: they are not safe for two threads and dear to make. */
    private final ConcurrentLinkedDeque<RecordLookup> idle = new ConcurrentLinkedDeque<>();

    OpenReader(DirectoryReader reader, StatisticsCache statistics) {
        this.reader = reader;
        this.statistics = statistics;
    }

    DirectoryReader lucene() {
        return reader;
    }

    Iterable<LeafReaderContext> leaves() {
        return reader.leaves();
    }

    StatisticsCache statistics() {
        return statistics;
    }

    /** False if it is closed already. */
    boolean retain() {
        return reader.tryIncRef();
    }

    void release() {
        try {
            reader.decRef();
        } catch (IOException failure) {
            throw new LoamException(
                    ErrorCode.IO_FAILED, "a reader of the index did not close", failure);
        }
    }

    RecordLookup borrowLookup() throws IOException {
        RecordLookup lookup = idle.pollFirst();
        return lookup == null ? RecordLookup.of(reader) : lookup;
    }

    void giveBack(RecordLookup lookup) {
        idle.addFirst(lookup);
    }
}

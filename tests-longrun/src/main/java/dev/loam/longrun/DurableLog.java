package dev.loam.longrun;

import dev.loam.core.Bytes;
import java.io.IOException;
import java.util.List;

/** A log of payloads, of which {@link GroupCommit} makes one that many callers share. */
interface DurableLog extends AutoCloseable {
    /** Returns when the whole group is on the disk. One thread. */
    void append(List<Bytes> group) throws IOException;

    @Override
    void close() throws IOException;
}

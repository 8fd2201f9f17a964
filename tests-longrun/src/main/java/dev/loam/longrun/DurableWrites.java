package dev.loam.longrun;

import dev.loam.core.Bytes;

/** What the callers of a benchmark write to. */
interface DurableWrites {
    /** Returns when the payload is on the disk. Any thread. */
    void write(Bytes payload) throws Exception;
}

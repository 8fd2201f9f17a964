package dev.loam.index;

import dev.loam.core.Bytes;
import dev.loam.core.RecordId;

/** Reads out of a record's state what is searched by. */
public interface Projector {
    /** Pure: the same arguments give an equal answer, on any thread. */
    Projection project(RecordId id, Bytes state);
}

package dev.loam.index;

import dev.loam.core.Bytes;
import dev.loam.core.RecordId;

/** A record as the index keeps it. */
public record StoredRecord(RecordId id, Bytes state) {}

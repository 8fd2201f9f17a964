package dev.loam.index;

import dev.loam.core.Bytes;
import dev.loam.core.RecordId;

/** The whole new state of one record. The index does not interpret the bytes itself. */
public record RecordChange(RecordId id, Bytes state) {}

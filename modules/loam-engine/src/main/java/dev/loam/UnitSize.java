package dev.loam;

import dev.loam.core.Bytes;

/**
 * What is known of a unit that has been written.
 *
 * @param bytes of its file
 * @param rawBytes of its items, not packed
 * @param items in it, without the last one, which only ends it
 * @param largest bytes of the largest payload
 * @param sha256 of its file
 */
record UnitSize(long bytes, long rawBytes, long items, int largest, Bytes sha256) {}

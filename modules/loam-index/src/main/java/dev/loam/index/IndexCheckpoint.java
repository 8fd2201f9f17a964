package dev.loam.index;

import dev.loam.core.Bytes;
import dev.loam.core.Position;

/**
 * What an index on disk covers: all batches up to {@code position} and none after it.
 *
 * @param engineState the owner's bytes, kept as they are
 */
public record IndexCheckpoint(Position position, Bytes engineState) {}

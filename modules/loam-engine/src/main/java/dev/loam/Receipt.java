package dev.loam;

import dev.loam.core.BatchId;
import dev.loam.core.Position;

/**
 * Says that a write is durable and visible.
 *
 * @param key of the record written
 * @param batch the batch it went in, the same on every device
 * @param position its place in this store's log
 */
public record Receipt(String key, BatchId batch, Position position) {}

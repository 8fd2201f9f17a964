package dev.loam;

/**
 * A memory of which a compaction has let go the operations: {@link Vault#get} has what they made.
 *
 * @param vault its name on this device
 */
public record CompactedRecord(String vault, String key) {}

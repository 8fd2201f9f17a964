package dev.loam.json;

import dev.loam.Memory;

/**
 * A memory read from a file.
 *
 * @param place where it stands there, for messages
 * @param memory with a key that is the same each time the file is read
 */
public record SourceItem(String place, Memory memory) {}

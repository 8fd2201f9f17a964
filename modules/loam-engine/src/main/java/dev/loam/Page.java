package dev.loam;

import java.util.List;
import java.util.Optional;

/**
 * One page of a scan, in the order of the keys' bytes.
 *
 * @param next hand this to the next call; empty when there is no more
 */
public record Page(List<Memory> memories, Optional<Cursor> next) {
    public Page {
        memories = List.copyOf(memories);
    }

    /**
     * Where a scan goes on.
     *
     * @param after the last key of the page before
     */
    public record Cursor(String after) {}
}

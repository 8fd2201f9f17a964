package dev.loam;

import java.util.List;

/**
 * How a memory came to be what it is.
 *
 * @param changes oldest first; one that was made knowing of another comes after it
 * @param complete whether these are all. Not so if older ones have been compacted away, or if a
 *     part of the log is damaged that may have held some
 */
public record History(List<Change> changes, boolean complete) {
    static final History NONE = new History(List.of(), true);

    public History {
        changes = List.copyOf(changes);
    }
}

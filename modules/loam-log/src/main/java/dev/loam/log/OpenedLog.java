package dev.loam.log;

import java.util.List;

/**
 * What opening a log found and did.
 *
 * @param cleanlyClosed whether the last owner sealed what it wrote
 * @param notes one sentence for each cut, gap and repair
 * @param damage the ranges known to be lost, as {@link OpLog#readAfter} will give them; found
 *     without reading the contents of sealed segments, so there may be more
 */
public record OpenedLog(boolean cleanlyClosed, List<String> notes, List<LogItem.Damage> damage) {
    public OpenedLog {
        notes = List.copyOf(notes);
        damage = List.copyOf(damage);
    }
}

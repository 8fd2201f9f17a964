package dev.loam;

import java.util.List;
import java.util.Optional;

/**
 * A page of conflicts, by key and field. All fields of a memory are on one page.
 *
 * @param next where the next page begins; empty at the end
 */
public record ConflictPage(List<Conflict> conflicts, Optional<Page.Cursor> next) {
    public ConflictPage {
        conflicts = List.copyOf(conflicts);
    }
}

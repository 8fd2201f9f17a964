package dev.loam.index;

import dev.loam.core.Bytes;
import dev.loam.core.Position;
import java.util.List;
import java.util.Optional;

/**
 * What reads see at one moment: a reader of Lucene's and what is pending over it.
 *
 * @param pending newest first
 */
record View(Position position, OpenReader reader, List<Generation> pending) {
    View {
        pending = List.copyOf(pending);
    }

    Optional<PendingRecord> pending(Bytes id) {
        for (Generation generation : pending) {
            Optional<PendingRecord> found = generation.find(id);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}

package dev.loam;

import dev.loam.core.Batch;
import dev.loam.core.Position;
import dev.loam.core.VaultState;
import java.util.List;
import java.util.Optional;

/**
 * From where in the log purges may stand that have not been carried out, or notes of the inbox that
 * call for one, in the file {@code forget}. Written before such a purge is: a store that is killed
 * at any moment knows where to look. Whoever opens the store, then the writer's thread; any thread
 * may read.
 */
final class PurgeNotes {
    private static final String FROM = "from ";

    private final SmallFile file;
    private volatile Optional<Position> from;

    PurgeNotes(StoreFolder store) {
        this.file = new SmallFile(store, "forget");
        this.from = file.read(PurgeNotes::position);
    }

    private static Position position(List<String> lines) {
        String line = lines.getFirst();
        long number = Long.parseLong(line.substring(FROM.length()));
        if (!line.startsWith(FROM) || number < 1) {
            throw new IllegalArgumentException("no position");
        }
        return new Position(number);
    }

    /** The first position at which there may be one; empty if all are carried out. */
    Optional<Position> from() {
        return from;
    }

    /**
     * To be called before batches are appended.
     *
     * @param before the position before the first of them
     */
    void appending(Stage stage, Position before) {
        if (from.isEmpty() && callsForForgetting(stage)) {
            begin(before.next());
        }
    }

    private static boolean callsForForgetting(Stage stage) {
        for (int i = 0; i < stage.entries().size(); i++) {
            Batch batch = stage.batches().get(i);
            VaultState vault = stage.vault(stage.entries().get(i).id().vault());
            if (Purges.areIn(batch) || StaleNotes.areIn(batch, vault)) {
                return true;
            }
        }
        return false;
    }

    /** To be called before purges come into the log at or after that position. */
    void begin(Position first) {
        if (from.filter(known -> !known.isAfter(first)).isEmpty()) {
            file.write(List.of(FROM + first.number()));
            from = Optional.of(first);
        }
    }

    /** All are carried out that are in the log. */
    void end() {
        file.delete();
        from = Optional.empty();
    }
}

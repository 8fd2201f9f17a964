package dev.loam.index;

import dev.loam.core.Bytes;
import dev.loam.core.RecordId;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** A record that Lucene does not hold yet. Immutable but for what is projected out of it once. */
final class PendingRecord {
    /** Of the objects and references around one record, roughly. */
    private static final int OVERHEAD_BYTES = 200;

    /** What reads over the table ask for; small enough to be kept. */
    private record Brief(boolean alive, SortedSet<String> unembedded, boolean conflicted) {}

    private final RecordId id;
    private final Bytes idBytes;
    private final Bytes state;
    private final boolean first;

    // Two threads may both compute it, with the same result: a race without harm.
    private volatile @Nullable Brief brief;

    PendingRecord(RecordChange change) {
        this(change.id(), change.id().toBytes(), change.state(), change.isFirst());
    }

    private PendingRecord(RecordId id, Bytes idBytes, Bytes state, boolean first) {
        this.id = id;
        this.idBytes = idBytes;
        this.state = state;
        this.first = first;
    }

    /** This state in the place of an older one of the same record. */
    PendingRecord over(PendingRecord older) {
        return first == older.first ? this : new PendingRecord(id, idBytes, state, older.first);
    }

    RecordId id() {
        return id;
    }

    Bytes idBytes() {
        return idBytes;
    }

    Bytes state() {
        return state;
    }

    /** Whether Lucene is known to hold nothing of the record, dead or living. */
    boolean isFirst() {
        return first;
    }

    long sizeBytes() {
        return (long) idBytes.size() + state.size() + OVERHEAD_BYTES;
    }

    boolean isAlive(Projector projector) {
        return brief(projector).alive();
    }

    boolean isConflicted(Projector projector) {
        Brief known = brief(projector);
        return known.alive() && known.conflicted();
    }

    boolean lacksVector(Projector projector, String model) {
        Brief known = brief(projector);
        return known.alive() && known.unembedded().contains(model);
    }

    private Brief brief(Projector projector) {
        Brief known = brief;
        if (known == null) {
            Projection projection = projector.project(id, state);
            known = new Brief(projection.alive(), projection.unembedded(), projection.conflicted());
            brief = known;
        }
        return known;
    }
}

package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.RecordId;
import dev.loam.core.RecordState;
import dev.loam.index.Projection;
import dev.loam.index.Projector;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** For an index that is only asked which records live, and for their states. */
final class BareProjector implements Projector {
    private static final Projection ALIVE =
            new Projection(
                    true,
                    Optional.empty(),
                    Optional.empty(),
                    0,
                    Optional.empty(),
                    new TreeSet<>(),
                    new TreeMap<>(),
                    new TreeMap<>(),
                    new TreeSet<>(),
                    false);

    @Override
    public Projection project(RecordId id, Bytes state) {
        return RecordState.decode(state).isAlive() ? ALIVE : Projection.dead();
    }
}

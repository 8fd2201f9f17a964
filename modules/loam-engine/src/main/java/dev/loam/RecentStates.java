package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.RecordId;
import dev.loam.index.IndexSnapshot;
import dev.loam.index.RecordChange;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The states that the writer needed last, as the index has them: who changes a record often does
 * not have it looked up each time. Bounded by {@link #RECORDS_MAX} and {@link #BYTES_MAX}; for the
 * writer thread alone.
 *
 * <p>Nothing here is ahead of the index or behind it: the writer puts in what it has applied to the
 * index, and empties this when another index takes its place.
 */
final class RecentStates {
    static final int RECORDS_MAX = 16_384;
    static final int BYTES_MAX = 8 << 20;

    /** The one that has not been needed for longest first. */
    private final Map<RecordId, Bytes> states = new LinkedHashMap<>(16, 0.75f, true);

    /** Of keys and states, roughly. */
    private long bytes;

    /**
     * The state of a record; empty if there is none.
     *
     * @param index of now
     */
    Optional<Bytes> state(RecordId id, IndexSnapshot index) {
        Bytes recent = states.get(id);
        return recent != null ? Optional.of(recent) : index.state(id);
    }

    /** Takes over what has been applied to the index. */
    void applied(List<RecordChange> changes) {
        for (RecordChange change : changes) {
            Bytes before = states.put(change.id(), change.state());
            bytes += change.state().size();
            if (before == null) {
                bytes += change.id().key().length();
            } else {
                bytes -= before.size();
            }
        }
        Iterator<Map.Entry<RecordId, Bytes>> eldest = states.entrySet().iterator();
        while (states.size() > RECORDS_MAX || bytes > BYTES_MAX) {
            Map.Entry<RecordId, Bytes> gone = eldest.next();
            bytes -= gone.getKey().key().length() + gone.getValue().size();
            eldest.remove();
        }
    }

    void clear() {
        states.clear();
        bytes = 0;
    }

    int size() {
        return states.size();
    }

    long sizeBytes() {
        return bytes;
    }
}

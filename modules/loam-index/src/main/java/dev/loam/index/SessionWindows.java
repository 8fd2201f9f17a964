package dev.loam.index;

import dev.loam.core.Bytes;
import dev.loam.core.RecordId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.StringHelper;
import org.jspecify.annotations.Nullable;

/**
 * Carries changed records to a sink, each with the texts of the two turns before it in its session,
 * and with them the unchanged records whose two turns before are no longer the same.
 *
 * <p>Per session, the places that changed (where a record was and where it is now) are laid over
 * the places that the reader has, and both are walked forward together. Whoever stands within two
 * living turns after a changed place is written anew; two such turns suffice, because a record
 * farther off has both of its turns before it unchanged. The walk skips from one group of changes
 * to the next, so its cost follows the number of changes and never the length of the session.
 */
final class SessionWindows {
    /** How many turns before its own a window reaches. */
    static final int REACH = 2;

    /** Takes over what is to be written. */
    interface Sink {
        /**
         * @param indexed whether the reader has a document of this record, living or dead
         */
        void write(Turn turn, List<String> before, boolean indexed) throws IOException;
    }

    /** A record as it is to be written. */
    record Turn(RecordId id, Bytes state, Projection projection) {
        String text() {
            return projection.text().orElse("");
        }

        Optional<Place> place() {
            return projection.alive()
                    ? projection.session().map(name -> Place.of(id, name, projection.turn()))
                    : Optional.empty();
        }
    }

    /**
     * What happens at one place.
     *
     * @param turn that stands there now; null if none does any more
     * @param felt whether the turns after it see a difference
     */
    private record Change(@Nullable Turn turn, boolean indexed, boolean felt) {}

    private final Projector projector;
    private final RecordLookup lookup;
    private final LiveTerms forward;
    private final LiveTerms backward;
    private final Sink sink;
    private final SortedMap<Place, Change> changes = new TreeMap<>();

    private SessionWindows(
            DirectoryReader reader, RecordLookup lookup, Projector projector, Sink sink)
            throws IOException {
        this.projector = projector;
        this.sink = sink;
        this.lookup = lookup;
        forward = LiveTerms.of(reader, Fields.PLACE);
        backward = LiveTerms.of(reader, Fields.PLACE_REVERSED);
    }

    /**
     * @param records each at most once
     * @param reader holds everything that was written before
     */
    static void carry(
            List<PendingRecord> records, DirectoryReader reader, Projector projector, Sink sink)
            throws IOException {
        SessionWindows windows =
                new SessionWindows(reader, RecordLookup.of(reader), projector, sink);
        for (PendingRecord record : records) {
            windows.take(record);
        }
        windows.walk();
    }

    private void take(PendingRecord record) throws IOException {
        Turn now = turn(record.id(), record.state());
        Optional<RecordLookup.Found> found =
                record.isFirst() ? Optional.empty() : lookup.find(record.idBytes());
        boolean indexed = found.isPresent();
        Optional<Turn> before =
                indexed ? Optional.of(turn(record.id(), found.get().state())) : Optional.empty();
        Optional<Place> left = before.flatMap(Turn::place);
        Optional<Place> place = now.place();
        if (left.isPresent() && !left.equals(place)) {
            changes.put(left.get(), new Change(null, indexed, true));
        }
        if (place.isPresent()) {
            boolean same = left.equals(place) && before.orElseThrow().text().equals(now.text());
            changes.put(place.get(), new Change(now, indexed, !same));
        } else {
            sink.write(now, List.of(), indexed);
        }
    }

    private void walk() throws IOException {
        SortedMap<Bytes, SortedMap<Place, Change>> sessions = new TreeMap<>();
        changes.forEach(
                (place, change) ->
                        sessions.computeIfAbsent(place.session(), session -> new TreeMap<>())
                                .put(place, change));
        for (SortedMap<Place, Change> session : sessions.values()) {
            new Walk(session).run();
        }
    }

    private Turn turn(RecordId id, Bytes state) {
        return new Turn(id, state, projector.project(id, state));
    }

    /** One session. */
    private final class Walk {
        private final Bytes session;
        private final Iterator<Map.Entry<Place, Change>> changed;
        private Map.@Nullable Entry<Place, Change> nextChange;
        private @Nullable Place nextIndexed;
        private List<String> before = new ArrayList<>();

        Walk(SortedMap<Place, Change> changes) {
            session = changes.firstKey().session();
            changed = changes.entrySet().iterator();
            nextChange = changed.next();
        }

        void run() throws IOException {
            while (nextChange != null) {
                Place start = nextChange.getKey();
                before = textsBefore(start);
                forward.seek(start.toTerm());
                stepIndexed();
                walkGroup();
            }
        }

        /** From a change to where nothing more is felt of it and no other change is near. */
        private void walkGroup() throws IOException {
            int feeling = 0;
            while (nextChange != null || feeling > 0) {
                Map.Entry<Place, Change> change = nextChange;
                Place indexed = nextIndexed;
                int order =
                        change == null
                                ? 1
                                : indexed == null ? -1 : change.getKey().compareTo(indexed);
                if (change != null && order <= 0) {
                    if (order == 0) {
                        stepIndexed();
                    }
                    pass(change.getValue());
                    feeling = change.getValue().felt() ? REACH : Math.max(0, feeling - 1);
                    nextChange = changed.hasNext() ? changed.next() : null;
                } else if (indexed != null && feeling > 0) {
                    Turn turn = turn(indexed.id(), forward.found().state());
                    pass(new Change(turn, true, false));
                    feeling--;
                    stepIndexed();
                } else {
                    return;
                }
            }
        }

        private void pass(Change change) throws IOException {
            Turn turn = change.turn();
            if (turn != null) {
                sink.write(turn, List.copyOf(before), change.indexed());
                before.add(turn.text());
                if (before.size() > REACH) {
                    before.removeFirst();
                }
            }
        }

        private void stepIndexed() throws IOException {
            nextIndexed =
                    forward.advance() && isOfSession(forward.term())
                            ? Place.ofTerm(forward.term())
                            : null;
        }

        /**
         * Of the turns before a group. What the reader has of them still holds: between two groups
         * stand turns that no change is felt by.
         */
        private List<String> textsBefore(Place start) throws IOException {
            List<String> texts = new ArrayList<>();
            BytesRef from = start.toReversedTerm();
            backward.seek(from);
            while (texts.size() < REACH && backward.advance() && isOfSession(backward.term())) {
                if (!backward.term().equals(from)) {
                    RecordLookup.Found found = backward.found();
                    RecordId id = id(found);
                    texts.addFirst(turn(id, found.state()).text());
                }
            }
            return texts;
        }

        private RecordId id(RecordLookup.Found found) throws IOException {
            return HitColumn.id(HitColumn.read(found));
        }

        private boolean isOfSession(BytesRef term) {
            return StringHelper.startsWith(term, new BytesRef(session.toArray()));
        }
    }
}

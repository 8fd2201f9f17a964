package dev.loam;

import dev.loam.core.FieldName;
import dev.loam.core.LogRow;
import dev.loam.core.RecordState;
import dev.loam.core.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Something that this device wrote and that was not written anew.
 *
 * @param place of the operation in its batch, or of the value in its record, from 0: the same on
 *     every device that takes a note of it
 * @param theirs what the field holds instead
 */
record InboxNote(
        int place,
        String key,
        Kind kind,
        Optional<FieldName> field,
        Optional<Value> mine,
        Optional<Value> theirs) {
    /** What was to be done. Names stand in records and never change. */
    enum Kind {
        SET,
        ADD,
        INCREMENT,
        APPEND,
        DELETE,
        RESET,
        TRUNCATE,
        UNKNOWN
    }

    /**
     * All that {@code before} holds and {@code now} does not; vectors and what only touches aside.
     */
    static List<InboxNote> ofWhatIsMissing(String key, RecordState before, RecordState now) {
        if (now.isRemoved()) {
            return List.of(
                    new InboxNote(
                            0,
                            key,
                            Kind.SET,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()));
        }
        Missing missing = new Missing(key, now);
        for (FieldName field : before.values().keySet()) {
            for (Value value : before.siblings(field)) {
                missing.look(Kind.SET, field, value, !now.siblings(field).contains(value));
            }
        }
        for (Value tag : before.elements(FieldName.TAGS)) {
            boolean isGone = !now.elements(FieldName.TAGS).contains(tag);
            missing.look(Kind.ADD, FieldName.TAGS, tag, isGone);
        }
        before.counters()
                .forEach(
                        (field, total) -> {
                            long more = total - now.counters().getOrDefault(field, 0L);
                            missing.look(Kind.INCREMENT, field, new Value.Whole(more), more != 0);
                        });
        before.logs()
                .forEach(
                        (field, rows) -> {
                            List<LogRow> left = now.logs().getOrDefault(field, List.of());
                            for (LogRow row : rows) {
                                missing.look(Kind.APPEND, field, row.value(), !left.contains(row));
                            }
                        });
        return missing.notes;
    }

    /** Takes notes of what is looked at, and counts all of it. */
    private static final class Missing {
        private final String key;
        private final RecordState now;
        private final List<InboxNote> notes = new ArrayList<>();
        private int place;

        Missing(String key, RecordState now) {
            this.key = key;
            this.now = now;
        }

        void look(Kind kind, FieldName field, Value mine, boolean isMissing) {
            if (isMissing) {
                notes.add(
                        new InboxNote(
                                place,
                                key,
                                kind,
                                Optional.of(field),
                                Optional.of(mine),
                                now.value(field)));
            }
            place++;
        }
    }
}

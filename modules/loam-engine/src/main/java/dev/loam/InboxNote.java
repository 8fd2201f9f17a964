package dev.loam;

import dev.loam.core.FieldName;
import dev.loam.core.LogRow;
import dev.loam.core.RecordState;
import dev.loam.core.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Something that this device wrote and that was not written anew.
 *
 * @param theirs what the field holds instead
 */
record InboxNote(
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
                            key, Kind.SET, Optional.empty(), Optional.empty(), Optional.empty()));
        }
        List<InboxNote> notes = new ArrayList<>();
        BiFunction<Kind, FieldName, Consumer<Value>> note =
                (kind, field) ->
                        mine ->
                                notes.add(
                                        new InboxNote(
                                                key,
                                                kind,
                                                Optional.of(field),
                                                Optional.of(mine),
                                                now.value(field)));
        for (FieldName field : before.values().keySet()) {
            before.siblings(field).stream()
                    .filter(value -> !now.siblings(field).contains(value))
                    .forEach(note.apply(Kind.SET, field));
        }
        before.elements(FieldName.TAGS).stream()
                .filter(tag -> !now.elements(FieldName.TAGS).contains(tag))
                .forEach(note.apply(Kind.ADD, FieldName.TAGS));
        before.counters()
                .forEach(
                        (field, total) -> {
                            long more = total - now.counters().getOrDefault(field, 0L);
                            if (more != 0) {
                                note.apply(Kind.INCREMENT, field).accept(new Value.Whole(more));
                            }
                        });
        before.logs()
                .forEach(
                        (field, rows) ->
                                rows.stream()
                                        .filter(
                                                row ->
                                                        !now.logs()
                                                                .getOrDefault(field, List.of())
                                                                .contains(row))
                                        .map(LogRow::value)
                                        .forEach(note.apply(Kind.APPEND, field)));
        return notes;
    }
}

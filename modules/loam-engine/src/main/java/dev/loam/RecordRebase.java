package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.Dot;
import dev.loam.core.FieldName;
import dev.loam.core.Lifetime;
import dev.loam.core.Operation;
import dev.loam.core.Origin;
import dev.loam.core.RecordId;
import dev.loam.core.RecordState;
import dev.loam.core.Stamp;
import dev.loam.core.Value;
import dev.loam.core.VersionVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides for one record what of a set-aside batch is written anew, and what comes into the inbox.
 * A value is written anew only where what it replaced still stands, so that newer work is never
 * beaten without anybody seeing it; what adds, wherever there still is something to add to.
 */
final class RecordRebase {
    private final RecordId record;
    private final Old old;
    private final DotSequence dots;
    private final Stamp stamp;
    private final VersionVector context;
    private final List<Operation> again = new ArrayList<>();
    private final List<InboxNote> notes = new ArrayList<>();
    private RecordState before;
    private RecordState now;
    private int place;

    /**
     * How the operations were written at first.
     *
     * @param stamp of their batch
     * @param firstCounter of their batch
     * @param saw what their store had applied in the end
     */
    record Old(Stamp stamp, long firstCounter, VersionVector saw) {}

    /**
     * @param before the record just before them, on the old side
     * @param now the record as it is
     * @param draft the batch in which they are written anew
     * @param dots of that batch, up to this record
     */
    RecordRebase(
            RecordId record,
            Old old,
            RecordState before,
            RecordState now,
            Stage.Draft draft,
            DotSequence dots) {
        this.record = record;
        this.old = old;
        this.before = before;
        this.now = now;
        this.stamp = draft.stamp();
        this.context = draft.context();
        this.dots = dots;
    }

    /**
     * Takes the next operation of the batch.
     *
     * @param dot as it was at first
     */
    void take(Dot dot, Operation operation) {
        standAt(dot);
        switch (operation) {
            case Operation.Set set -> take(set);
            case Operation.Delete delete -> take(delete);
            case Operation.AddElement(FieldName field, Value element, var _, Lifetime lifetime) -> {
                if (mayAdd(lifetime)) {
                    perform(
                            new Operation.AddElement(
                                    field, element, now.dots(field, element), lifetime()));
                } else {
                    note(InboxNote.Kind.ADD, Optional.of(field), Optional.of(element));
                }
            }
            case Operation.RemoveElement(FieldName field, Value element, var _) -> {
                if (now.elements(field).contains(element)) {
                    perform(new Operation.RemoveElement(field, element, now.dots(field, element)));
                }
            }
            case Operation.Increment(FieldName field, long amount, Lifetime lifetime) -> {
                if (mayAdd(lifetime)) {
                    perform(new Operation.Increment(field, amount, lifetime()));
                } else {
                    Value value = new Value.Whole(amount);
                    note(InboxNote.Kind.INCREMENT, Optional.of(field), Optional.of(value));
                }
            }
            case Operation.Append(FieldName field, Value entry, Lifetime lifetime) -> {
                if (mayAdd(lifetime)) {
                    perform(new Operation.Append(field, entry, lifetime()));
                } else {
                    note(InboxNote.Kind.APPEND, Optional.of(field), Optional.of(entry));
                }
            }
            case Operation.Removal removal -> perform(removal);
            case Operation.Max(FieldName field, Value value, var _) -> {
                Value known = now.maxima().get(field);
                if (now.isAlive() && (known == null || Value.ORDER.compare(known, value) < 0)) {
                    perform(new Operation.Max(field, value, now.maximumDots(field)));
                }
            }
            case Operation.Min(FieldName field, Value value, var _) -> {
                Value known = now.minima().get(field);
                if (now.isAlive() && (known == null || Value.ORDER.compare(known, value) > 0)) {
                    perform(new Operation.Min(field, value, now.minimumDots(field)));
                }
            }
            case Operation.Embed(String model, var made, var _) -> {
                Bytes text = MemoryLayout.textHash(MemoryLayout.text(now));
                if (now.isAlive() && made.textHash().equals(text)) {
                    perform(new Operation.Embed(model, made, now.embeddingDots(model)));
                }
            }
            case Operation.Reset(FieldName field) -> {
                if (now.isAlive()
                        && before.counters().get(field) != null
                        && before.counters().get(field).equals(now.counters().get(field))) {
                    perform(new Operation.Reset(field));
                } else {
                    note(InboxNote.Kind.RESET, Optional.of(field), Optional.empty());
                }
            }
            case Operation.Truncate(FieldName field, var _) ->
                    note(InboxNote.Kind.TRUNCATE, Optional.of(field), Optional.empty());
            case Operation.Unknown _ ->
                    note(InboxNote.Kind.UNKNOWN, Optional.empty(), Optional.empty());
            case Operation.Control _ ->
                    throw new AssertionError("a control operation belongs to no record");
        }
        wasTaken(dot, operation);
    }

    /**
     * Takes one that another device had before it heard that its author is excluded: by that one's
     * naming it everybody may take it yet, and what adds would be added twice.
     */
    void takeSent(Dot dot, Operation operation) {
        standAt(dot);
        switch (operation) {
            case Operation.Increment(FieldName field, long amount, var _) -> {
                Value value = new Value.Whole(amount);
                note(InboxNote.Kind.INCREMENT, Optional.of(field), Optional.of(value));
                wasTaken(dot, operation);
            }
            case Operation.Append(FieldName field, Value entry, var _) -> {
                note(InboxNote.Kind.APPEND, Optional.of(field), Optional.of(entry));
                wasTaken(dot, operation);
            }
            default -> take(dot, operation);
        }
    }

    private void standAt(Dot dot) {
        place = Math.toIntExact(dot.counter() - old.firstCounter());
    }

    private void wasTaken(Dot dot, Operation operation) {
        before = before.apply(new Origin(dot, old.stamp(), old.saw()), operation);
    }

    /** Takes it as one that is never written anew, because others have excluded its author. */
    void refuse(Dot dot, Operation operation) {
        standAt(dot);
        switch (operation) {
            case Operation.Set(FieldName field, Value value, var _, var _) ->
                    note(InboxNote.Kind.SET, Optional.of(field), Optional.of(value));
            case Operation.AddElement(FieldName field, Value element, var _, var _) ->
                    note(InboxNote.Kind.ADD, Optional.of(field), Optional.of(element));
            case Operation.Increment(FieldName field, long amount, var _) ->
                    note(
                            InboxNote.Kind.INCREMENT,
                            Optional.of(field),
                            Optional.of(new Value.Whole(amount)));
            case Operation.Append(FieldName field, Value entry, var _) ->
                    note(InboxNote.Kind.APPEND, Optional.of(field), Optional.of(entry));
            case Operation.Delete _ ->
                    note(InboxNote.Kind.DELETE, Optional.empty(), Optional.empty());
            case Operation.Unknown _ ->
                    note(InboxNote.Kind.UNKNOWN, Optional.empty(), Optional.empty());
            case Operation.RemoveElement _,
                    Operation.Reset _,
                    Operation.Truncate _,
                    Operation.Max _,
                    Operation.Min _,
                    Operation.Embed _,
                    Operation.Removal _,
                    Operation.Control _ -> {
                // They take nothing from anybody who does not see them.
            }
        }
    }

    private void take(Operation.Set set) {
        FieldName field = set.field();
        boolean replacesAll = set.lifetime() == Lifetime.FRESH;
        boolean isNew = replacesAll && !before.isAlive() && !now.isAlive() && !isGone();
        boolean stands =
                !isGone()
                        && before.isAlive()
                        && now.isAlive()
                        && (replacesAll
                                ? before.contentHash(record).equals(now.contentHash(record))
                                : before.siblings(field).equals(now.siblings(field)));
        if (isNew || stands) {
            perform(new Operation.Set(field, set.value(), now.dots(field), set.lifetime()));
        } else if (!now.siblings(field).equals(List.of(set.value()))) {
            note(InboxNote.Kind.SET, Optional.of(field), Optional.of(set.value()));
        }
    }

    private void take(Operation.Delete delete) {
        if (now.isAlive()) {
            if (before.contentHash(record).equals(now.contentHash(record))) {
                perform(delete);
            } else {
                note(InboxNote.Kind.DELETE, Optional.empty(), Optional.empty());
            }
        }
    }

    /**
     * Whether the record is alive, or is begun by this and never was anything that somebody could
     * have ended. What changes a record that was there makes none: it would be one without text.
     *
     * @param lifetime as it was written at first
     */
    private boolean mayAdd(Lifetime lifetime) {
        return now.isAlive()
                || (lifetime == Lifetime.FRESH && !before.isAlive() && !now.isRemoved());
    }

    /** Whether it was removed without this store's having seen it, be it alive again or not. */
    private boolean isGone() {
        return now.removals().stream().anyMatch(removal -> !old.saw().covers(removal));
    }

    private Lifetime lifetime() {
        return now.isAlive() ? Lifetime.CURRENT : Lifetime.FRESH;
    }

    /** Of a record that was removed nothing may be kept, not even in the inbox. */
    private void note(InboxNote.Kind kind, Optional<FieldName> field, Optional<Value> mine) {
        boolean isGone = isGone() || now.isRemoved();
        notes.add(
                new InboxNote(
                        place,
                        record.key(),
                        kind,
                        field,
                        isGone ? Optional.empty() : mine,
                        field.flatMap(now::value)));
    }

    private void perform(Operation operation) {
        now = now.apply(new Origin(dots.next(), stamp, context), operation);
        again.add(operation);
    }

    /** What is written anew. */
    List<Operation> operations() {
        return List.copyOf(again);
    }

    /** What comes into the inbox. */
    List<InboxNote> notes() {
        return List.copyOf(notes);
    }
}

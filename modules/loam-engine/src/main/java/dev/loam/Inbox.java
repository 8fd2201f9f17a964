package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ErrorCode;
import dev.loam.core.FieldName;
import dev.loam.core.LoamException;
import dev.loam.core.Operation;
import dev.loam.core.RecordState;
import dev.loam.core.Stamp;
import dev.loam.core.Value;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a device wrote while the others went on without it, and what was not written anew when it
 * came home, because newer work would have been beaten. The entries are ordinary memories of the
 * vault, whose keys begin with {@value #PREFIX}: they replicate, and any device settles them. Any
 * thread.
 */
public final class Inbox {
    static final String PREFIX = "loam.inbox/";

    private static final FieldName KEY = new FieldName("inbox.key");
    private static final FieldName KIND = new FieldName("inbox.kind");
    private static final FieldName FIELD = new FieldName("inbox.field");
    private static final FieldName MINE = new FieldName("inbox.mine");
    private static final FieldName THEIRS = new FieldName("inbox.theirs");
    private static final FieldName AUTHOR = new FieldName("inbox.author");

    /** How often the memory had been forgotten when the note was written. */
    private static final FieldName PURGES = new FieldName("inbox.purges");

    private final Vault vault;

    Inbox(Vault vault) {
        this.vault = vault;
    }

    /** What is to become of an entry. */
    public enum Choice {
        /** The memory stays as it is. */
        KEEP_THEIRS,
        /** What was written on the way is written now. */
        APPLY_MINE
    }

    /**
     * Something that was not written anew.
     *
     * @param id names it to {@link #resolve}
     * @param key of the memory
     * @param what was to be done with it: set, add, increment, append, delete, reset, truncate, or
     *     unknown for what only a newer Loam understands
     * @param field of the memory, where one was concerned
     * @param mine the value written; empty if there was none, or if the memory was removed since,
     *     of which nothing may be kept
     * @param theirs the value that stood there instead when this device came home
     * @param time when it was written, by its device's clock
     */
    public record Entry(
            String id,
            String key,
            String what,
            Optional<String> field,
            Optional<Value> mine,
            Optional<Value> theirs,
            Instant time) {}

    /**
     * A page of the inbox.
     *
     * @param next hand this to the next call; empty when there is no more
     */
    public record Entries(List<Entry> entries, Optional<Page.Cursor> next) {
        public Entries {
            entries = List.copyOf(entries);
        }
    }

    /**
     * Which memory a note is about.
     *
     * @param purges of the memory that its writer knew of
     */
    record About(String key, long purges) {}

    /** Of a note as it is written. */
    static About about(List<Operation> operations) {
        SortedMap<FieldName, Value> fields = new TreeMap<>();
        for (Operation operation : operations) {
            if (operation instanceof Operation.Set set) {
                fields.put(set.field(), set.value());
            }
        }
        return new About(text(fields, KEY).orElse(""), whole(fields.get(PURGES)));
    }

    /** Of a note as it is; of one that two devices wrote, what the one knew that knew less. */
    static About about(RecordState note) {
        return new About(
                text(note.values(), KEY).orElse(""),
                note.siblings(PURGES).stream().mapToLong(Inbox::whole).min().orElse(0));
    }

    private static long whole(@Nullable Value value) {
        return value instanceof Value.Whole(long number) ? number : 0;
    }

    /**
     * @param purges of the memory, as far as the vault knows
     */
    static SortedMap<FieldName, Value> fields(
            InboxNote note, ActorId author, Stamp stamp, long purges) {
        SortedMap<FieldName, Value> fields = new TreeMap<>();
        fields.put(KEY, new Value.Text(note.key()));
        fields.put(KIND, new Value.Text(note.kind().name()));
        note.field().ifPresent(field -> fields.put(FIELD, new Value.Text(field.name())));
        note.mine().ifPresent(value -> fields.put(MINE, value));
        note.theirs().ifPresent(value -> fields.put(THEIRS, value));
        fields.put(AUTHOR, new Value.Text(author.bytes().toHex()));
        fields.put(PURGES, new Value.Whole(purges));
        fields.put(FieldName.TEXT, new Value.Text(""));
        fields.put(FieldName.TIME, new Value.Moment(stamp.millis()));
        return fields;
    }

    /**
     * The entries in the order of their ids.
     *
     * @param limit 1 to 1,000 a page
     * @param cursor where the page before ended
     */
    public Entries list(int limit, Optional<Page.Cursor> cursor) {
        Page page = vault.scan(PREFIX, limit, cursor);
        return new Entries(page.memories().stream().map(Inbox::entry).toList(), page.next());
    }

    private static Entry entry(Memory memory) {
        SortedMap<FieldName, Value> fields = memory.fields();
        return new Entry(
                memory.key().substring(PREFIX.length()),
                text(fields, KEY).orElse(""),
                text(fields, KIND).orElse("UNKNOWN").toLowerCase(Locale.ROOT),
                text(fields, FIELD),
                Optional.ofNullable(fields.get(MINE)),
                Optional.ofNullable(fields.get(THEIRS)),
                memory.time().orElse(Instant.EPOCH));
    }

    private static Optional<String> text(SortedMap<FieldName, Value> fields, FieldName field) {
        return fields.get(field) instanceof Value.Text(String text)
                ? Optional.of(text)
                : Optional.empty();
    }

    /**
     * Settles an entry, which is gone then: in one batch with what the choice writes.
     *
     * @throws LoamException {@code NOT_FOUND} if there is no such entry (any more); {@code
     *     INVALID_ARGUMENT} if it is one that can only be kept as it is: nothing was written; as
     *     {@link Vault#write} besides
     */
    public void resolve(String id, Choice choice) {
        Entry entry =
                vault.get(PREFIX + id)
                        .map(Inbox::entry)
                        .orElseThrow(
                                () ->
                                        new LoamException(
                                                ErrorCode.NOT_FOUND,
                                                "the inbox has no entry " + id));
        vault.write(
                batch -> {
                    if (choice == Choice.APPLY_MINE) {
                        apply(entry, batch);
                    }
                    batch.delete(PREFIX + id);
                });
    }

    private void apply(Entry entry, WriteBatch batch) {
        boolean isThere = vault.get(entry.key()).isPresent();
        if (entry.what().equals("delete")) {
            if (isThere) {
                batch.delete(entry.key());
            }
            return;
        }
        Update update = update(entry);
        if (!isThere) {
            batch.put(Memory.of("").key(entry.key()));
        }
        batch.update(entry.key(), update);
    }

    private static Update update(Entry entry) {
        FieldName field = new FieldName(entry.field().orElseThrow(() -> cannotApply(entry)));
        if (entry.what().equals("reset")) {
            return Update.none().reset(field.name());
        }
        Value mine = entry.mine().orElseThrow(() -> cannotApply(entry));
        return switch (entry.what()) {
            case "set" ->
                    new Update(
                            new TreeMap<>(Map.of(field, mine)),
                            new TreeSet<>(),
                            new TreeSet<>(),
                            List.of());
            case "add" -> Update.none().tag(textOf(mine, entry));
            case "append" -> Update.none().append(field.name(), mine);
            case "increment" -> {
                if (mine instanceof Value.Whole(long amount)) {
                    yield Update.none().increment(field.name(), amount);
                }
                throw cannotApply(entry);
            }
            default -> throw cannotApply(entry);
        };
    }

    private static String textOf(Value value, Entry entry) {
        if (value instanceof Value.Text(String text)) {
            return text;
        }
        throw cannotApply(entry);
    }

    private static LoamException cannotApply(Entry entry) {
        return new LoamException(
                ErrorCode.INVALID_ARGUMENT,
                "entry " + entry.id() + " of the inbox holds nothing to apply; keep theirs");
    }
}

package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.CutForm;
import dev.loam.core.DeviceId;
import dev.loam.core.Dot;
import dev.loam.core.Part;
import dev.loam.core.Position;
import dev.loam.core.RecordId;
import dev.loam.core.RecordState;
import dev.loam.core.Tip;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.core.VersionVector;
import dev.loam.index.StoredRecord;
import dev.loam.log.LogItem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The batches of a vault that a snapshot lacks, in the file {@code aside-VAULT}, in the order of
 * the log that held them; written before that log is replaced. Each comes with the records that it
 * changed as they were just before. Kept, also when all have been written anew, until another
 * device has that durably.
 *
 * <pre>
 * state   waiting | written     whether they are still to be written anew
 * saw     ACTOR SEQUENCE COUNTER    what this store had applied
 * batch   ACTOR SEQUENCE own|sent|foreign BATCH
 * before  KEY STATE             of the batch above
 * record  ACTOR KEY STATE       of which batches were let go that the snapshot lacks
 * </pre>
 *
 * <p>Of what a compaction let go the batches are not there any more. Where the snapshot lacks some
 * of those, which takes two sides that settled without each other, all records are set aside that
 * are other ones there; the actor is this store's.
 */
final class SetAside {
    private static final String PREFIX = "aside-";
    private static final String WAITING = "state waiting";
    private static final String WRITTEN = "state written";
    private static final String BATCH = "batch";
    private static final String BEFORE = "before";
    private static final String RECORD = "record";

    /** Whether this device wrote it. */
    enum Author {
        OWN,
        /** The same, and another device has it, or may have. */
        SENT,
        FOREIGN
    }

    /**
     * A batch that was set aside.
     *
     * @param before the states, just before it, of the records that it changes
     */
    record Item(BatchId id, Author author, Bytes batch, SortedMap<String, RecordState> before) {}

    /**
     * A record that was set aside, by the actor as which this store wrote.
     *
     * @param line by which it is told from others
     */
    record Whole(ActorId actor, String key, RecordState state, String line) {}

    private final VaultId vault;
    private final SmallFile file;

    SetAside(Store store, VaultId vault) {
        this.vault = vault;
        this.file = new SmallFile(store.folder(), PREFIX + vault.bytes().toHex());
    }

    /** Whether something waits to be written anew. */
    boolean isWaiting() {
        return file.read().filter(lines -> lines.getFirst().equals(WAITING)).isPresent();
    }

    /** What this store had applied. */
    VersionVector saw() {
        TreeMap<ActorId, Tip> tips = new TreeMap<>();
        for (String line : file.read().orElse(List.of())) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("saw")) {
                tips.merge(
                        new ActorId(Bytes.fromHex(words[1])),
                        new Tip(Long.parseLong(words[2]), Long.parseLong(words[3])),
                        (a, b) -> a.sequence() > b.sequence() ? a : b);
            }
        }
        return VersionVector.of(tips);
    }

    List<Item> items() {
        List<Item> items = new ArrayList<>();
        for (String line : file.read().orElse(List.of())) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case BATCH ->
                        items.add(
                                new Item(
                                        id(words),
                                        Author.valueOf(words[3].toUpperCase(Locale.ROOT)),
                                        Bytes.fromHex(words[4]),
                                        new TreeMap<>()));
                case BEFORE ->
                        items.getLast()
                                .before()
                                .put(text(words[1]), RecordState.decode(Bytes.fromHex(words[2])));
                default -> {}
            }
        }
        return items;
    }

    List<Whole> records() {
        List<Whole> records = new ArrayList<>();
        for (String line : file.read().orElse(List.of())) {
            String[] words = line.split(" ", -1);
            if (words[0].equals(RECORD)) {
                records.add(
                        new Whole(
                                new ActorId(Bytes.fromHex(words[1])),
                                text(words[2]),
                                RecordState.decode(Bytes.fromHex(words[3])),
                                line));
            }
        }
        return records;
    }

    /** All of it is in the log again, as it can be; durable when it returns. */
    void written() {
        List<String> lines = new ArrayList<>(file.read().orElseThrow());
        lines.set(0, WRITTEN);
        file.write(lines);
    }

    /** Another device has durably what was written anew. */
    void drop() {
        if (file.read().filter(lines -> lines.getFirst().equals(WRITTEN)).isPresent()) {
            file.delete();
        }
    }

    /**
     * Takes out what was purged: a batch that is not written anew yet is cut, and nothing is known
     * any more of what the record was; durable when it returns.
     */
    void cut(Excision excision) {
        Optional<List<String>> all = file.read();
        if (all.isEmpty()) {
            return;
        }
        Map<String, Dot> purges = excision.purgesIn(vault);
        List<String> left = new ArrayList<>();
        for (String line : all.get()) {
            String[] words = line.split(" ", -1);
            boolean isTaken =
                    (words[0].equals(BEFORE) && purges.containsKey(text(words[1])))
                            || (words[0].equals(RECORD) && purges.containsKey(text(words[2])));
            if (words[0].equals(BATCH)) {
                words[4] = CutForm.cut(Bytes.fromHex(words[4]), purges).toHex();
                left.add(String.join(" ", words));
            } else if (!isTaken) {
                left.add(line);
            }
        }
        if (!left.equals(all.get())) {
            file.write(left);
        }
    }

    private static String text(String hex) {
        return new String(Bytes.fromHex(hex).toArray(), StandardCharsets.UTF_8);
    }

    /**
     * Sets aside what {@code taken} lacks of what this store holds; durable when it returns. What
     * waits from a snapshot that was taken before stays. Writer's thread.
     *
     * @param records gives those of the vault that are alive and other ones in {@code taken}; asked
     *     only where their batches are gone
     */
    static void collect(Store store, VaultState taken, Supplier<List<StoredRecord>> records) {
        VaultState held = store.state().vault(taken.id());
        if (!held.isFounded()) {
            return;
        }
        SetAside aside = new SetAside(store, taken.id());
        List<String> lines = new ArrayList<>();
        lines.add(WAITING);
        held.frontier()
                .tips()
                .forEach(
                        (actor, tip) ->
                                lines.add(
                                        "saw "
                                                + actor.bytes().toHex()
                                                + " "
                                                + tip.sequence()
                                                + " "
                                                + tip.counter()));
        List<String> content = new ArrayList<>();
        if (aside.isWaiting()) {
            content.addAll(aside.notIn(held));
        }
        try (LogWalk walk = LogWalk.after(store.log(), Position.START)) {
            while (walk.hasNext()) {
                if (walk.next() instanceof LogItem.Entry(Position _, Bytes payload)) {
                    LogEntry entry = LogEntry.decode(payload);
                    if (entry.id().vault().equals(taken.id()) && lacks(taken, entry.id())) {
                        content.addAll(linesOf(store, held, taken, entry));
                    }
                }
            }
        }
        if (lacksWhatWasLetGo(store, taken)) {
            Set<String> known = new HashSet<>(content);
            records.get().stream()
                    .filter(record -> !isForgotten(held, taken, record.id().key()))
                    .map(record -> lineOf(store, held, record))
                    .filter(known::add)
                    .forEach(content::add);
        }
        if (!content.isEmpty() || aside.isWaiting()) {
            lines.addAll(content);
            aside.file.write(lines);
        }
    }

    /**
     * The lines of this file but its first, without those of batches that the store holds: these
     * were set aside for a snapshot that was not taken in the end.
     */
    private List<String> notIn(VaultState held) {
        List<String> all = file.read().orElseThrow();
        List<String> kept = new ArrayList<>();
        boolean isHeld = false;
        for (String line : all.subList(1, all.size())) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case BATCH -> isHeld = !lacks(held, id(words));
                case BEFORE -> {}
                default -> isHeld = false;
            }
            if (!isHeld) {
                kept.add(line);
            }
        }
        return kept;
    }

    private BatchId id(String[] words) {
        return new BatchId(vault, new ActorId(Bytes.fromHex(words[1])), Long.parseLong(words[2]));
    }

    /** Whether a vault is without a batch. */
    static boolean lacks(VaultState taken, BatchId id) {
        return id.sequence() > sequence(taken, id.actor());
    }

    private static long sequence(VaultState vault, ActorId actor) {
        return vault.actor(actor)
                .map(open -> open.tip().sequence())
                .or(
                        () ->
                                Optional.ofNullable(vault.closed().get(actor))
                                        .map(closed -> closed.tip().sequence()))
                .orElse(0L);
    }

    private static boolean lacksWhatWasLetGo(Store store, VaultState taken) {
        return Compaction.presentStates(store.log())
                .filter(states -> states.state().vaults().containsKey(taken.id()))
                .filter(
                        states ->
                                states.letGo(taken.id()).entrySet().stream()
                                        .anyMatch(
                                                gone ->
                                                        gone.getValue()
                                                                > sequence(taken, gone.getKey())))
                .isPresent();
    }

    private static String lineOf(Store store, VaultState held, StoredRecord record) {
        ActorId author =
                held.actors().entrySet().stream()
                        .filter(actor -> actor.getValue().device().equals(store.device()))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("this device was never in"));
        return String.join(
                " ",
                RECORD,
                author.bytes().toHex(),
                Bytes.ofUtf8(record.id().key()).toHex(),
                record.state().toHex());
    }

    private static List<String> linesOf(
            Store store, VaultState held, VaultState taken, LogEntry entry) {
        Author author = author(store, held, taken, entry.id());
        List<String> lines = new ArrayList<>();
        Batch batch = BatchCodec.decode(entry.batch());
        Map<String, Dot> forgotten = new TreeMap<>();
        for (Part part : batch.parts()) {
            if (isForgotten(held, taken, part.key())) {
                forgotten.put(part.key(), new Dot(entry.id().actor(), batch.firstCounter()));
            }
        }
        lines.add(
                BATCH
                        + " "
                        + entry.id().actor().bytes().toHex()
                        + " "
                        + entry.id().sequence()
                        + " "
                        + author.name().toLowerCase(Locale.ROOT)
                        + " "
                        + CutForm.cut(entry.batch(), forgotten).toHex());
        for (Part part : batch.parts()) {
            if (!part.key().isEmpty() && !forgotten.containsKey(part.key())) {
                RecordState before = before(store, entry.id(), part.key());
                lines.add(
                        BEFORE
                                + " "
                                + Bytes.ofUtf8(part.key()).toHex()
                                + " "
                                + before.encode().toHex());
            }
        }
        return lines;
    }

    /** Of what was forgotten elsewhere nothing is kept, and nothing is written anew. */
    private static boolean isForgotten(VaultState held, VaultState taken, String key) {
        return taken.purges(key) > held.purges(key);
    }

    private static Author author(Store store, VaultState held, VaultState taken, BatchId id) {
        boolean isOwn =
                held.actor(id.actor())
                        .map(ActorState::device)
                        .filter(store.device()::equals)
                        .isPresent();
        if (!isOwn) {
            return Author.FOREIGN;
        }
        return isSent(store, taken, id) ? Author.SENT : Author.OWN;
    }

    /** Whether anybody else has it, or has it waiting and may take it yet. */
    private static boolean isSent(Store store, VaultState taken, BatchId id) {
        return store.peers().all().stream()
                .map(Peer::id)
                .anyMatch(
                        peer ->
                                store.contacts()
                                        .of(peer)
                                        .filter(
                                                contact ->
                                                        contact.has(id)
                                                                || (contact.wasGiven(id)
                                                                        && !hasGivenUp(
                                                                                taken,
                                                                                peer,
                                                                                id.actor())))
                                        .isPresent());
    }

    /** Whether a device is known to have heard that an actor is excluded. */
    private static boolean hasGivenUp(VaultState taken, DeviceId peer, ActorId actor) {
        return taken.closed().containsKey(actor)
                || taken.actor(actor).stream()
                        .flatMap(state -> state.exclusions().entrySet().stream())
                        .anyMatch(by -> hasSeen(taken, peer, by.getKey(), by.getValue()));
    }

    private static boolean hasSeen(VaultState taken, DeviceId peer, ActorId author, Tip batch) {
        return taken.actors().values().stream()
                .filter(each -> each.device().equals(peer))
                .anyMatch(each -> each.context().get(author).sequence() >= batch.sequence());
    }

    private static RecordState before(Store store, BatchId id, String key) {
        return store.past(new RecordId(id.vault(), key)).seenBy(id);
    }

    /** The vaults of which something was set aside, in any order. */
    static List<SetAside> all(Store store) {
        List<SetAside> all = new ArrayList<>();
        for (Map.Entry<VaultId, VaultState> vault : store.state().vaults().entrySet()) {
            SetAside aside = new SetAside(store, vault.getKey());
            if (aside.file.read().isPresent()) {
                all.add(aside);
            }
        }
        return all;
    }

    VaultId vault() {
        return vault;
    }
}

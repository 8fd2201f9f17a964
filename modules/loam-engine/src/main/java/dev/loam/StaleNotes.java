package dev.loam;

import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.Bytes;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.core.RecordState;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.index.StoredRecord;
import dev.loam.log.LogItem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Notes of the inbox about memories that were forgotten since: they hold words of these, settled or
 * not. Each tells how often its memory had been forgotten when it was written. Whoever has one
 * forgets it, too, as nobody knows it who forgets its memory before it comes there.
 */
final class StaleNotes {
    private final Store store;
    private final SortedMap<VaultId, SortedSet<String>> found = new TreeMap<>();

    private StaleNotes(Store store) {
        this.store = store;
    }

    /** Whether a batch holds any that has not been forgotten. */
    static boolean areIn(Batch batch, VaultState vault) {
        return batch.parts().stream()
                .anyMatch(
                        part ->
                                isNote(part.key())
                                        && isStale(
                                                part.key(), Inbox.about(part.operations()), vault));
    }

    /**
     * Forgets those that this store has, as far as it may write. Costs a reading of the log.
     *
     * @throws LoamException as writing does
     */
    static void forget(Store store) {
        StaleNotes notes = new StaleNotes(store);
        notes.find();
        notes.found.forEach(notes::forget);
    }

    private void find() {
        try (LogWalk walk = LogWalk.after(store.log(), Position.START)) {
            while (walk.hasNext()) {
                switch (walk.next()) {
                    case LogItem.Entry(Position _, Bytes payload) -> {
                        LogEntry entry = LogEntry.decode(payload);
                        take(entry.id().vault(), BatchCodec.decode(entry.batch()));
                    }
                    case LogItem.States states -> {
                        if (States.decode(states.payload()) instanceof States.Records all) {
                            all.records().forEach(this::take);
                        }
                    }
                    case LogItem.LostStates _, LogItem.Damage _ -> {
                        // Who cuts out what is purged refuses a damaged log.
                    }
                }
            }
        }
    }

    private void take(VaultId vault, Batch batch) {
        batch.parts().stream()
                .filter(part -> isNote(part.key()))
                .forEach(part -> take(vault, part.key(), Inbox.about(part.operations())));
    }

    private void take(StoredRecord record) {
        if (isNote(record.id().key())) {
            take(
                    record.id().vault(),
                    record.id().key(),
                    Inbox.about(RecordState.decode(record.state())));
        }
    }

    private void take(VaultId vault, String note, Inbox.About about) {
        if (isStale(note, about, store.state().vault(vault))) {
            found.computeIfAbsent(vault, first -> new TreeSet<>()).add(note);
        }
    }

    private static boolean isNote(String key) {
        return key.startsWith(Inbox.PREFIX);
    }

    private static boolean isStale(String note, Inbox.About about, VaultState vault) {
        return vault.purges(about.key()) > about.purges() && vault.purges(note) == 0;
    }

    private void forget(VaultId id, SortedSet<String> notes) {
        VaultState vault = store.state().vault(id);
        if (ControlBatch.author(store, vault).isEmpty() || store.ownActors().wantsSnapshot(vault)) {
            return;
        }
        List<String> left = new ArrayList<>(notes);
        while (!left.isEmpty()) {
            List<String> some = left.subList(0, Math.min(left.size(), Limits.BATCH_OPERATIONS_MAX));
            Map<String, List<Wish>> wishes = new LinkedHashMap<>();
            some.forEach(note -> wishes.put(note, List.of(Wish.FORGET_ALWAYS)));
            new VaultWrites(store, vault.name()).write(wishes);
            some.clear();
        }
    }
}

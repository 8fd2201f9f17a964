package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.BatchCodec;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.Chain;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Part;
import dev.loam.core.Position;
import dev.loam.core.RecordId;
import dev.loam.core.RecordState;
import dev.loam.core.SettledContexts;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.index.IndexSnapshot;
import dev.loam.index.StoredRecord;
import dev.loam.log.LogItem;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes the snapshot of a vault: all records as of one moment, and every batch above the horizon.
 * Of records that are dead only those are in it that a batch above the horizon touched: nothing can
 * come any more that has not seen the death of the others. One thread.
 */
final class SnapshotMaker {
    private static final int SCAN_RECORDS = 500;

    private final Store store;
    private final VaultId id;
    private final SnapshotContent.Writer content;

    private SnapshotMaker(Store store, VaultId id) {
        this.store = store;
        this.id = id;
        this.content = new SnapshotContent.Writer(SnapshotFiles.made(store.folder(), id));
    }

    /** The vault at one moment, records included. */
    private record Moment(StoreState state, IndexSnapshot records, Position end) {}

    /**
     * Makes it anew; its chunks lie in {@link SnapshotFiles#made}.
     *
     * @throws LoamException {@code FORBIDDEN} if this store has been excluded from the vault;
     *     {@code CORRUPT} if a batch above the horizon is missing or cannot be vouched for
     */
    static SnapshotHead make(Store store, VaultId id) {
        return new SnapshotMaker(store, id).make();
    }

    private SnapshotHead make() {
        SnapshotFiles.made(store.folder(), id).deleteAll();
        Moment moment =
                store.ask(stage -> new Moment(stage.state(), store.snapshot(), store.log().end()));
        try (IndexSnapshot records = moment.records()) {
            store.forceBeforeTelling();
            VaultState vault = moment.state().vault(id);
            refuseUnlessMember(vault);
            living(records);
            TreeSet<String> touched = new TreeSet<>();
            SettledContexts settled = settled(vault, moment.end(), touched);
            touched.forEach(key -> addDead(records, key));
            TreeMap<ActorId, Long> reached = new TreeMap<>();
            tail(
                    vault,
                    moment.end(),
                    Visitor.NONE,
                    entry -> {
                        LogEntry sealed = sealed(vault, entry);
                        content.add(sealed);
                        if (sealed.seal().isPresent()) {
                            reached.put(entry.id().actor(), entry.id().sequence());
                        }
                    });
            checkVouchedFor(vault, reached);
            content.end();
            return new SnapshotHead(
                    vault,
                    settled,
                    moment.state().dimensions(),
                    content.batches(),
                    content.hashes(),
                    content.bytes());
        }
    }

    /**
     * What authors had applied at the horizon.
     *
     * @param touched gets the keys of all that was changed above it
     */
    private SettledContexts settled(VaultState vault, Position end, TreeSet<String> touched) {
        SettledChains chains = new SettledChains(vault, Compaction.presentStates(store.log()));
        tail(vault, end, chains::take, entry -> collectKeys(entry, touched));
        SettledContexts settled = chains.contexts();
        if (!settled.fit(vault)) {
            throw damaged();
        }
        return settled;
    }

    private void refuseUnlessMember(VaultState vault) {
        boolean isMember = store.ownActors().in(vault).filter(vault::inGoodStanding).isPresent();
        if (!isMember) {
            throw new LoamException(
                    ErrorCode.FORBIDDEN,
                    "this store is no member of the vault \"" + vault.name() + "\" any more");
        }
        if (vault.awaitedPurges().stream().anyMatch(purge -> mayCome(vault, purge.actor()))) {
            throw new LoamException(
                    ErrorCode.FORBIDDEN,
                    "no snapshot can be made of the vault \""
                            + vault.name()
                            + "\": what was forgotten of it has not all come. Sync again first");
        }
    }

    /**
     * Of an author that is shut out perhaps nothing comes any more: then all who lack what was cut
     * ahead would wait for each other. Whoever takes the snapshot awaits the purge as its maker
     * does.
     */
    private static boolean mayCome(VaultState vault, ActorId author) {
        return !vault.closed().containsKey(author)
                && vault.actor(author).filter(ActorState::isExcluded).isEmpty();
    }

    private void living(IndexSnapshot records) {
        Optional<String> after = Optional.empty();
        var page = records.scan(id, "", after, SCAN_RECORDS);
        while (!page.isEmpty()) {
            page.forEach(content::add);
            after = Optional.of(page.getLast().id().key());
            page = records.scan(id, "", after, SCAN_RECORDS);
        }
    }

    private static void collectKeys(LogEntry entry, TreeSet<String> keys) {
        for (Part part : BatchCodec.decode(entry.batch()).parts()) {
            if (!part.key().isEmpty()) {
                keys.add(part.key());
            }
        }
    }

    private void addDead(IndexSnapshot records, String key) {
        RecordId record = new RecordId(id, key);
        records.state(record)
                .filter(state -> !RecordState.reread(state).isAlive())
                .ifPresent(state -> content.add(new StoredRecord(record, state)));
    }

    private interface Visitor {
        Visitor NONE = entry -> {};

        void visit(LogEntry entry);
    }

    /**
     * The batches of this log in its order.
     *
     * @param settled is shown those that are at or below the horizon, as far as they are here, or
     *     of other vaults
     * @param unsettled the others, of actors that are not closed
     */
    private void tail(VaultState vault, Position end, Visitor settled, Visitor unsettled) {
        try (LogWalk walk = LogWalk.after(store.log(), Position.START)) {
            while (walk.hasNext()) {
                switch (walk.next()) {
                    case LogItem.Entry(Position at, Bytes _) when at.isAfter(end) -> {
                        return;
                    }
                    case LogItem.Entry(Position _, Bytes payload) -> {
                        LogEntry entry = LogEntry.decode(payload);
                        if (isInTail(vault, entry.id())) {
                            unsettled.visit(entry);
                        } else {
                            settled.visit(entry);
                        }
                    }
                    case LogItem.States _ -> {}
                    case LogItem.LostStates _, LogItem.Damage _ -> throw damaged();
                }
            }
        }
    }

    private static boolean isInTail(VaultState vault, BatchId id) {
        return id.vault().equals(vault.id())
                && id.sequence() > vault.horizon().get(id.actor()).sequence()
                && vault.actor(id.actor()).isPresent();
    }

    /** This device vouches for the last batch of each actor as which it has written. */
    private LogEntry sealed(VaultState vault, LogEntry entry) {
        ActorState author = vault.actors().get(entry.id().actor());
        boolean isOwnLast =
                author != null
                        && author.device().equals(store.device())
                        && author.tip().sequence() == entry.id().sequence();
        if (!isOwnLast) {
            return entry;
        }
        Bytes seal = store.identity().sign(Chain.sealMessage(entry.id(), entry.hash()));
        return new LogEntry(entry.id(), entry.hash(), Optional.of(seal), entry.batch());
    }

    private static void checkVouchedFor(VaultState vault, SortedMap<ActorId, Long> reached) {
        for (Map.Entry<ActorId, ActorState> each : vault.actors().entrySet()) {
            long tip = each.getValue().tip().sequence();
            boolean isSettled = tip <= vault.horizon().get(each.getKey()).sequence();
            if (!isSettled && reached.getOrDefault(each.getKey(), 0L) != tip) {
                throw damaged();
            }
        }
    }

    private static LoamException damaged() {
        return new LoamException(
                ErrorCode.CORRUPT,
                "no snapshot can be made: batches above the horizon are missing, or are not"
                        + " sealed by their author. Sync with another device first");
    }
}

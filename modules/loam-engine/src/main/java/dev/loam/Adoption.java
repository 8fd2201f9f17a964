package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.BatchCodec;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.core.SettledContexts;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.core.VersionVector;
import dev.loam.log.LogItem;
import dev.loam.log.OpLog;
import dev.loam.log.SegmentDraft;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Puts a vault as a snapshot has it in the place of what this store holds of it. The whole log is
 * written anew beside the old one: the batches of all other vaults as they are, the records of the
 * snapshot as states, its batches at positions behind the log's end. It is forced, read back, and
 * compared with the snapshot's digest; then one change of the log's list makes it count. Killed
 * before that, the store is as it was; killed after it, opening finds that the index is of another
 * log and builds it anew. What this store alone had of the vault is set aside before.
 */
final class Adoption {
    /** A batch of the largest size fits. */
    private static final int PAYLOAD_BYTES = 5 << 20;

    private final Store store;
    private final VaultId vault;
    private final SnapshotHead head;
    private final SnapshotFiles chunks;

    Adoption(Store store, SnapshotHead head) {
        this.store = store;
        this.vault = head.state().id();
        this.head = head;
        this.chunks = SnapshotFiles.taken(store.folder(), vault);
    }

    /**
     * Writes wait meanwhile; reads go on.
     *
     * @return whether it was taken; not if another session has brought what it would bring
     * @throws LoamException {@code CORRUPT} if the snapshot is not what its maker says: nothing
     *     changed; {@code DISK_FULL}: nothing changed; {@code IO_FAILED}
     */
    boolean run() {
        boolean isTaken = store.adopt(this::isWanted, this::draft);
        chunks.deleteAll();
        return isTaken;
    }

    /**
     * Of two sessions that offered one the second must not take this store back behind what it has
     * written since: its numbers would be given out again. And who begins anew has to be in it as
     * what it will be.
     */
    private boolean isWanted() {
        VaultState held = store.state().vault(vault);
        if (store.ownActors().wantsSnapshot(held)) {
            return store.ownActors()
                    .takeName(head.state(), store.environment().randomBytes(ActorId.NONCE_SIZE));
        }
        if (!held.isFounded()) {
            return true;
        }
        VersionVector settled = head.state().horizon().without(held.closed().keySet());
        return !isBehind(held) && !SyncSummaries.tellsOf(store, held, settled);
    }

    /** Whether it lacks what this store has written since it told how far it is. */
    private boolean isBehind(VaultState held) {
        return store.ownActors()
                .in(held)
                .filter(
                        own ->
                                SetAside.lacks(
                                        head.state(),
                                        new BatchId(
                                                vault, own, held.frontier().get(own).sequence())))
                .isPresent();
    }

    /** On the writer thread, with the log as it will be replaced. */
    private SegmentDraft draft(OpLog log) {
        SetAside.collect(store, head.state(), () -> OtherRecords.of(store, head, chunks));
        States.Vaults before = Compaction.presentStates(log).orElse(States.Vaults.NONE);
        SortedMap<VaultId, VaultState> all = new TreeMap<>(before.state().vaults());
        SortedMap<VaultId, Bytes> adopted = new TreeMap<>(before.adopted());
        SortedMap<VaultId, SettledContexts> settled = new TreeMap<>(before.settled());
        all.put(vault, head.state());
        adopted.put(vault, head.mark());
        settled.put(vault, head.settled());
        TreeMap<String, Integer> dimensions = new TreeMap<>(head.dimensions());
        dimensions.putAll(before.state().dimensions());
        States.Vaults states =
                new States.Vaults(
                        before.asOf(), StoreState.EMPTY.with(all, dimensions), adopted, settled);
        Set<VaultId> carried = new TreeSet<>(all.keySet());
        carried.remove(vault);
        SegmentDraft draft = log.draftWithMore(Math.max(1, head.tail()), PAYLOAD_BYTES);
        try {
            write(log, draft, states, carried);
            return draft;
        } catch (RuntimeException | Error failure) {
            draft.close();
            throw failure;
        }
    }

    private void write(OpLog log, SegmentDraft draft, States.Vaults states, Set<VaultId> carried) {
        Position end = log.end();
        CompactedWriter writer = new CompactedWriter(log, draft, PAYLOAD_BYTES);
        writer.vaults(states);
        writer.carry(carried);
        SnapshotContent.read(chunks, head, writer::add, entry -> {});
        writer.flushRecords();
        refuseDamage(log);
        writer.batches(id -> id.vault().equals(vault), end, Progress.NONE);
        TailCheck tail = new TailCheck(head);
        SnapshotContent.read(
                chunks,
                head,
                record -> tail.check(record.id()),
                entry -> {
                    tail.check(entry);
                    writer.addBatch(entry);
                    if (Purges.areIn(BatchCodec.decode(entry.batch()))) {
                        store.purgeNotes().begin(end.next());
                    }
                });
        tail.end(head.tail());
        writer.end();
        draft.seal();
        CompactedReader.verify(draft, states, writer.kept().end());
    }

    /** What cannot be read here must not be let go. */
    private static void refuseDamage(OpLog log) {
        try (LogWalk walk = LogWalk.after(log, Position.START)) {
            while (walk.hasNext()) {
                switch (walk.next()) {
                    case LogItem.Entry _, LogItem.States _ -> {}
                    case LogItem.Damage _, LogItem.LostStates _ ->
                            throw new LoamException(
                                    ErrorCode.CORRUPT,
                                    "a damaged log takes no snapshot, since what is damaged may"
                                            + " still be read by other means");
                }
            }
        }
    }
}

package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.ClosedActor;
import dev.loam.core.Dependency;
import dev.loam.core.Position;
import dev.loam.core.RecordId;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.index.IndexCheckpoint;
import dev.loam.index.IndexSnapshot;
import dev.loam.index.RecordChange;
import dev.loam.index.RecordIndex;
import dev.loam.index.StoredRecord;
import dev.loam.log.LogItem;
import dev.loam.log.OpLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Predicate;

/**
 * Replays the log into an index, from wherever the index stands. The log is a linear extension of
 * causality, so a batch is applied as it comes; only behind damage may one lack its predecessor.
 */
final class Recovery {
    /** One stage and one call of the index for so many batches. */
    private static final int GROUP = 1_024;

    /** Batches between two commits of the index while it is being built. */
    static final int COMMIT_EVERY = 48 * GROUP;

    private static final int DAMAGE_TOLD_MAX = 100;

    private final OpLog log;
    private final RecordIndex index;
    private final Position start;
    private final Predicate<RecordId> mayExist;
    private final List<String> damage = new ArrayList<>();
    private StoreState state;
    private final RunTable runs;
    private final SortedSet<String> wanted;
    private SortedMap<VaultId, Bytes> adopted;

    /** The vaults of which batches stand in the log that its states hold. */
    private final Set<VaultId> settled;

    private long replayed;
    private long sinceCommit;

    /**
     * @param start to where the index goes, and {@code from} with it
     */
    Recovery(OpLog log, RecordIndex index, Position start, Checkpoint from) {
        this.log = log;
        this.index = index;
        this.start = start;
        this.mayExist = start.equals(Position.START) ? new KnownRecords()::meet : id -> true;
        this.state = from.state();
        this.runs = from.runs();
        this.wanted = from.wanted();
        this.adopted = from.adopted();
        this.settled =
                Compaction.presentStates(log)
                        .map(states -> states.settled().keySet())
                        .orElseGet(Set::of);
    }

    /**
     * To go on from what the index has committed.
     *
     * @param wanted the models of an index that has committed nothing
     */
    static Recovery goOn(OpLog log, RecordIndex index, SortedSet<String> wanted) {
        Optional<IndexCheckpoint> known = index.committed();
        return new Recovery(
                log,
                index,
                known.map(IndexCheckpoint::position).orElse(Position.START),
                known.map(commit -> Checkpoint.decode(commit.engineState()))
                        .orElseGet(() -> Checkpoint.start(wanted)));
    }

    /**
     * Replays everything from the start on, committing the index now and then as long as nothing is
     * lost: an index that lacks a lost range must not pass for whole at the next opening.
     *
     * @param progress told positions, and the last one
     */
    void replay(Progress progress, int commitEvery) {
        replayThrough(log.end(), progress, commitEvery);
    }

    /** The same up to a position. */
    void replayThrough(Position through, Progress progress, int commitEvery) {
        long total = through.number();
        progress.at(start.number(), total);
        index.beginLoading();
        try (LogWalk walk = LogWalk.after(log, start)) {
            List<LogItem.Entry> group = new ArrayList<>();
            boolean isWithin = true;
            while (isWithin && walk.hasNext()) {
                switch (walk.next()) {
                    case LogItem.Entry entry when entry.position().isAfter(through) ->
                            isWithin = false;
                    case LogItem.Entry entry -> {
                        group.add(entry);
                        if (group.size() == GROUP) {
                            apply(group);
                            progress.at(entry.position().number(), total);
                            group.clear();
                            commitAfter(entry.position(), commitEvery);
                        }
                    }
                    case LogItem.States states -> load(States.decode(states.payload()));
                    case LogItem.LostStates(String what) ->
                            lost("records as a compaction left them are lost: " + what);
                    case LogItem.Damage(Position first, Position last, String what) ->
                            lost("positions " + first + " to " + last + " are lost: " + what);
                }
            }
            if (!group.isEmpty()) {
                apply(group);
            }
        } finally {
            index.endLoading();
        }
        progress.at(total, total);
    }

    /** States stand before all batches, so they are where the replay begins. */
    private void load(States states) {
        switch (states) {
            case States.Vaults vaults -> {
                StoreState known = vaults.state();
                state = state.with(known.vaults(), known.dimensions());
                adopted = vaults.adopted();
            }
            case States.Records(List<StoredRecord> records) ->
                    index.apply(records.stream().map(this::change).toList(), start);
        }
    }

    private RecordChange change(StoredRecord record) {
        return new RecordChange(record.id(), record.state(), !mayExist.test(record.id()));
    }

    private void commitAfter(Position position, int commitEvery) {
        if (sinceCommit >= commitEvery && damage.isEmpty()) {
            index.checkpoint(new IndexCheckpoint(position, reached().encode()));
            sinceCommit = 0;
        }
    }

    private void apply(List<LogItem.Entry> group) {
        Position last = group.getLast().position();
        Position before = new Position(group.getFirst().position().number() - 1);
        try (Stage stage = stage(before)) {
            for (LogItem.Entry item : group) {
                LogEntry entry = LogEntry.decode(item.payload());
                Batch batch = BatchCodec.decode(entry.batch());
                if (isInStates(stage.vault(entry.id().vault()), entry.id())) {
                    runs.add(entry, batch.operationCount(), item.position());
                } else if (follows(stage.vault(entry.id().vault()), entry.id(), batch)) {
                    stage.stage(entry, batch);
                    runs.add(entry, batch.operationCount(), item.position());
                } else {
                    lost("position " + item.position() + " needs a batch that is lost");
                }
            }
            state = stage.state();
            index.apply(stage.changes(), last);
        }
        replayed += group.size();
        sinceCommit += group.size();
    }

    /** Kept for peers, beside states that hold what it did. */
    private boolean isInStates(VaultState vault, BatchId id) {
        return settled.contains(id.vault()) && id.sequence() <= sequence(vault, id.actor());
    }

    /** Behind a hole every batch of its authors may be one that cannot be applied. */
    private void lost(String what) {
        if (damage.size() < DAMAGE_TOLD_MAX) {
            damage.add(what);
        } else if (damage.size() == DAMAGE_TOLD_MAX) {
            damage.add("and more behind these");
        }
    }

    private Stage stage(Position before) {
        IndexSnapshot snapshot = index.snapshot();
        return new Stage(
                state,
                snapshot,
                before,
                id -> mayExist.test(id) ? snapshot.state(id) : Optional.empty());
    }

    private static boolean follows(VaultState vault, BatchId id, Batch batch) {
        if (id.sequence() != sequence(vault, id.actor()) + 1) {
            return false;
        }
        for (Dependency named : batch.dependencies()) {
            if (named.tip().sequence() > sequence(vault, named.actor())) {
                return false;
            }
        }
        return true;
    }

    private static long sequence(VaultState vault, ActorId actor) {
        ActorState known = vault.actors().get(actor);
        ClosedActor gone = vault.closed().get(actor);
        return known != null ? known.tip().sequence() : gone != null ? gone.tip().sequence() : 0;
    }

    /** Where the replay has come to. */
    Checkpoint reached() {
        return new Checkpoint(state, runs, wanted, adopted);
    }

    /** The position before the first that was replayed. */
    Position start() {
        return start;
    }

    StoreState state() {
        return state;
    }

    long replayed() {
        return replayed;
    }

    /** One sentence for each of the first ranges that could not be replayed; the state lacks it. */
    List<String> damage() {
        return damage;
    }
}

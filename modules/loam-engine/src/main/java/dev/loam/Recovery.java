package dev.loam;

import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.BatchId;
import dev.loam.core.Position;
import dev.loam.core.Tip;
import dev.loam.core.VaultState;
import dev.loam.index.IndexCheckpoint;
import dev.loam.index.RecordChange;
import dev.loam.index.RecordIndex;
import dev.loam.log.LogItem;
import dev.loam.log.OpLog;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/**
 * Replays the log into an index, from wherever the index stands. The log is a linear extension of
 * causality, so a batch is applied as it comes; only behind damage may one lack its predecessor.
 */
final class Recovery {
    /** One stage and one call of the index for so many batches. */
    private static final int GROUP = 1_000;

    /** Batches between two commits of the index while it is being built. */
    private static final int COMMIT_EVERY = 50_000;

    private final OpLog log;
    private final RecordIndex index;
    private final List<String> damage = new ArrayList<>();
    private StoreState state;
    private final RunTable runs;
    private final SortedSet<String> wanted;
    private long replayed;
    private long sinceCommit;

    Recovery(OpLog log, RecordIndex index, Checkpoint from) {
        this.log = log;
        this.index = index;
        this.state = from.state();
        this.runs = from.runs();
        this.wanted = from.wanted();
    }

    /** Replays everything after {@code position}. */
    void replayAfter(Position position, Progress progress) {
        replay(position, log.end(), progress);
    }

    /** Replays what lies after one position, through another. */
    void replay(Position after, Position through, Progress progress) {
        long total = through.number() - after.number();
        progress.at(0, total);
        try (LogWalk walk = LogWalk.after(log, after)) {
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
                            group.clear();
                            progress.at(replayed, total);
                        }
                    }
                    case LogItem.States states -> load(States.decode(states.payload()), after);
                    case LogItem.LostStates(String what) ->
                            damage.add("records as a compaction left them are lost: " + what);
                    case LogItem.Damage(Position first, Position last, String what) ->
                            damage.add("positions " + first + " to " + last + " are lost: " + what);
                    case LogItem.Pack pack -> throw new AssertionError("unopened: " + pack.first());
                }
            }
            if (!group.isEmpty()) {
                apply(group);
            }
        }
        progress.at(replayed, total);
    }

    /** States stand before all batches, so they are where the replay begins. */
    private void load(States states, Position start) {
        switch (states) {
            case States.Vaults(Position asOf, StoreState known) ->
                    state = state.with(known.vaults(), known.dimensions());
            case States.Records(List<RecordChange> records) -> index.apply(records, start);
        }
    }

    private void apply(List<LogItem.Entry> group) {
        Position last = group.getLast().position();
        Position before = new Position(group.getFirst().position().number() - 1);
        try (Stage stage = new Stage(state, index.snapshot(), before, state.latestStamp())) {
            for (LogItem.Entry item : group) {
                LogEntry entry = LogEntry.decode(item.payload());
                Batch batch = BatchCodec.decode(entry.batch());
                if (follows(stage.vault(entry.id().vault()), entry.id(), batch)) {
                    stage.stage(entry, batch);
                    runs.add(entry, item.position());
                } else {
                    damage.add("position " + item.position() + " needs a batch that is lost");
                }
            }
            state = stage.state();
            index.apply(stage.changes(), last);
        }
        replayed += group.size();
        sinceCommit += group.size();
        if (sinceCommit >= COMMIT_EVERY) {
            index.checkpoint(new IndexCheckpoint(last, reached().encode()));
            sinceCommit = 0;
        }
    }

    private static boolean follows(VaultState vault, BatchId id, Batch batch) {
        Tip tip = vault.frontier().get(id.actor());
        return id.sequence() == tip.sequence() + 1
                && batch.dependencies().stream()
                        .allMatch(
                                each ->
                                        each.tip().sequence()
                                                <= vault.frontier().get(each.actor()).sequence());
    }

    /** Where the replay has come to. */
    Checkpoint reached() {
        return new Checkpoint(state, runs, wanted);
    }

    StoreState state() {
        return state;
    }

    long replayed() {
        return replayed;
    }

    /** One sentence for each range that could not be replayed; the state lacks it. */
    List<String> damage() {
        return damage;
    }
}

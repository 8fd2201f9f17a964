package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.Chain;
import dev.loam.core.ChainHistory;
import dev.loam.core.Dot;
import dev.loam.core.Position;
import dev.loam.core.VaultId;
import dev.loam.core.VersionVector;
import dev.loam.log.LogItem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the log, and the stage above it, tell of older batches than the tips. Asked seldom: for late
 * news, and for cuts. The writer thread's.
 */
final class LoggedHistory implements ChainHistory {
    private final Store store;
    private final Stage stage;
    private final VaultId vault;

    LoggedHistory(Store store, Stage stage, VaultId vault) {
        this.store = store;
        this.stage = stage;
        this.vault = vault;
    }

    @Override
    public Optional<Bytes> prefix(ActorId actor, long sequence) {
        return entry(actor, sequence).map(entry -> Chain.prefix(entry.hash()));
    }

    @Override
    public OptionalLong counter(ActorId actor, long sequence) {
        return entry(actor, sequence)
                .map(entry -> BatchCodec.decode(entry.batch()).tip(sequence).counter())
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty);
    }

    /**
     * Follows the chain from the last mark before the batch. A batch tells only what its author had
     * applied since the one before it.
     */
    @Override
    public Optional<VersionVector> context(ActorId actor, long sequence) {
        Optional<Map.Entry<Long, VersionVector>> mark =
                store.contextMarks().before(vault, actor, sequence);
        ChainContext chain =
                new ChainContext(
                        actor,
                        mark.map(Map.Entry::getKey).orElse(0L),
                        mark.map(Map.Entry::getValue).orElse(VersionVector.EMPTY));
        readLog(chain, sequence);
        readStage(chain, sequence);
        if (chain.reached != sequence) {
            return Optional.empty();
        }
        return Optional.of(chain.known.without(stage.vault(vault).closed().keySet()));
    }

    /** Looks where purges may be that are not settled: of the settled ones nothing is late. */
    @Override
    public boolean mayBePurge(Dot applied) {
        for (Stage each = stage; ; ) {
            Optional<Boolean> staged = Purges.isOne(each.batches(), each.entries(), vault, applied);
            if (staged.isPresent()) {
                return staged.get();
            }
            if (each.outer().isEmpty()) {
                break;
            }
            each = each.outer().get();
        }
        Optional<Position> start = startOfUnsettled(applied.actor());
        if (start.isEmpty()) {
            return false;
        }
        try (LogWalk walk = LogWalk.after(store.log(), new Position(start.get().number() - 1))) {
            while (walk.hasNext()) {
                if (walk.next() instanceof LogItem.Entry(Position _, Bytes payload)) {
                    LogEntry entry = LogEntry.decode(payload);
                    if (entry.id().vault().equals(vault)
                            && entry.id().actor().equals(applied.actor())) {
                        Batch batch = BatchCodec.decode(entry.batch());
                        if (Purges.holds(batch, applied.counter())) {
                            return Purges.isOne(batch, applied.counter());
                        }
                    }
                }
            }
        }
        return false;
    }

    /** Of these memories the purges that are not settled, in the order in which they came. */
    Map<String, List<Dot>> purges(Set<String> keys) {
        Map<String, List<Dot>> found = new TreeMap<>();
        Position start =
                stage.vault(vault).frontier().tips().keySet().stream()
                        .flatMap(actor -> startOfUnsettled(actor).stream())
                        .min(Comparator.naturalOrder())
                        .orElseGet(() -> store.log().end().next());
        try (LogWalk walk = LogWalk.after(store.log(), new Position(start.number() - 1))) {
            while (walk.hasNext()) {
                if (walk.next() instanceof LogItem.Entry(Position _, Bytes payload)) {
                    LogEntry entry = LogEntry.decode(payload);
                    collect(entry.id(), BatchCodec.decode(entry.batch()), keys, found);
                }
            }
        }
        List<Stage> stages = new ArrayList<>();
        for (Optional<Stage> each = Optional.of(stage);
                each.isPresent();
                each = each.get().outer()) {
            stages.addFirst(each.get());
        }
        for (Stage each : stages) {
            for (int i = 0; i < each.entries().size(); i++) {
                collect(each.entries().get(i).id(), each.batches().get(i), keys, found);
            }
        }
        return found;
    }

    private void collect(BatchId id, Batch batch, Set<String> keys, Map<String, List<Dot>> found) {
        if (id.vault().equals(vault) && Purges.areIn(batch)) {
            Purges.in(batch)
                    .forEach(
                            (key, counter) -> {
                                if (keys.contains(key)) {
                                    found.computeIfAbsent(key, first -> new ArrayList<>())
                                            .add(new Dot(id.actor(), counter));
                                }
                            });
        }
    }

    private Optional<Position> startOfUnsettled(ActorId actor) {
        long settled = stage.vault(vault).horizon().get(actor).sequence();
        return store.runs().startAfter(vault, actor, settled);
    }

    private void readLog(ChainContext chain, long sequence) {
        Optional<Position> start = store.runs().startAfter(vault, chain.actor, chain.reached);
        if (start.isEmpty() || chain.reached == sequence) {
            return;
        }
        try (LogWalk walk = LogWalk.after(store.log(), new Position(start.get().number() - 1))) {
            while (chain.reached < sequence && walk.hasNext()) {
                if (walk.next() instanceof LogItem.Entry(Position _, Bytes payload)) {
                    LogEntry entry = LogEntry.decode(payload);
                    if (chain.isNext(entry)) {
                        chain.take(entry);
                    }
                }
            }
        }
        if (chain.reached > 0) {
            store.contextMarks().put(vault, chain.actor, chain.reached, chain.known);
        }
    }

    private void readStage(ChainContext chain, long sequence) {
        boolean isStaged = true;
        while (isStaged && chain.reached < sequence) {
            Optional<LogEntry> next =
                    stage.entry(new BatchId(vault, chain.actor, chain.reached + 1));
            next.ifPresent(chain::take);
            isStaged = next.isPresent();
        }
    }

    /** How far an actor's chain has been followed, and what it had applied there. */
    private final class ChainContext {
        private final ActorId actor;
        private long reached;
        private VersionVector known;

        ChainContext(ActorId actor, long reached, VersionVector known) {
            this.actor = actor;
            this.reached = reached;
            this.known = known;
        }

        boolean isNext(LogEntry entry) {
            return entry.id().vault().equals(vault)
                    && entry.id().actor().equals(actor)
                    && entry.id().sequence() == reached + 1;
        }

        void take(LogEntry entry) {
            Batch batch = BatchCodec.decode(entry.batch());
            reached++;
            known = batch.contextAfter(known).with(actor, batch.tip(reached));
            if (reached % ContextMarks.SPACING == 0) {
                store.contextMarks().put(vault, actor, reached, known);
            }
        }
    }

    private Optional<LogEntry> entry(ActorId actor, long sequence) {
        BatchId wanted = new BatchId(vault, actor, sequence);
        return stage.entry(wanted).or(() -> new LoggedBatches(store).find(wanted));
    }
}

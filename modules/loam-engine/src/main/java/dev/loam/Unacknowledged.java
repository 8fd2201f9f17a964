package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.Bytes;
import dev.loam.core.Dependency;
import dev.loam.core.Operation;
import dev.loam.core.Part;
import dev.loam.core.Position;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.log.LogItem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this store has applied of others and has not said so in a batch of its own. The writer
 * thread counts; any thread may read.
 */
final class Unacknowledged {
    /** Positions that are read to find out what came before this store was opened. */
    private static final long READ_MAX = 4_096;

    /**
     * Batches that call for an acknowledgement.
     *
     * @param sinceMillis when the first of them came, by the elapsed time of the environment
     */
    record News(long batches, long sinceMillis) {
        News plus(long more) {
            return new News(batches + more, sinceMillis);
        }
    }

    private final Store store;
    private final Map<VaultId, News> news = new ConcurrentHashMap<>();
    private volatile boolean isComplete;

    Unacknowledged(Store store) {
        this.store = store;
    }

    /** Of a vault, as far as it is known; see {@link #complete}. */
    Optional<News> in(VaultId vault) {
        return Optional.ofNullable(news.get(vault));
    }

    /** A batch has been applied. */
    void applied(VaultState vault, ActorId author, Batch batch) {
        if (store.ownActors().in(vault).filter(author::equals).isPresent()) {
            news.remove(vault.id());
        } else if (callsForAcknowledgement(batch)) {
            add(vault.id(), 1);
        }
    }

    private void add(VaultId vault, long batches) {
        long now = store.environment().elapsedMillis();
        news.merge(vault, new News(batches, now), (before, more) -> before.plus(batches));
    }

    /** Else two stores that have nothing to say would answer each other for ever. */
    static boolean callsForAcknowledgement(Batch batch) {
        return batch.parts().stream()
                .map(Part::operations)
                .flatMap(List::stream)
                .anyMatch(
                        operation ->
                                !(operation instanceof Operation.Ack)
                                        && !(operation instanceof Operation.Erased)
                                        && !(operation instanceof Operation.Cut));
    }

    /** Counts what was applied before this store was opened; the writer thread, once. */
    void complete(StoreState state) {
        if (isComplete) {
            return;
        }
        for (VaultState vault : state.vaults().values()) {
            store.ownActors()
                    .in(vault)
                    .filter(own -> !news.containsKey(vault.id()))
                    .map(vault::dependenciesOf)
                    .filter(unseen -> !unseen.isEmpty())
                    .ifPresent(
                            unseen -> {
                                long batches = count(vault, unseen);
                                if (batches > 0) {
                                    add(vault.id(), batches);
                                }
                            });
        }
        isComplete = true;
    }

    boolean isComplete() {
        return isComplete;
    }

    /** Of what lies far back nobody asks what it is: one acknowledgement more does no harm. */
    private long count(VaultState vault, List<Dependency> unseen) {
        ActorId own = store.ownActors().in(vault).orElseThrow();
        long first = store.log().end().number() + 1;
        for (Dependency each : unseen) {
            long seen = vault.contextOf(own).get(each.actor()).sequence();
            first =
                    Math.min(
                            first,
                            store.runs()
                                    .startAfter(vault.id(), each.actor(), seen)
                                    .map(Position::number)
                                    .orElse(1L));
        }
        if (store.log().end().number() - first > READ_MAX) {
            return READ_MAX;
        }
        long batches = 0;
        try (LogWalk walk = LogWalk.after(store.log(), new Position(first - 1))) {
            while (walk.hasNext()) {
                if (walk.next() instanceof LogItem.Entry(Position _, Bytes payload)) {
                    LogEntry entry = LogEntry.decode(payload);
                    boolean isUnseen =
                            entry.id().vault().equals(vault.id())
                                    && !entry.id().actor().equals(own)
                                    && entry.id().sequence()
                                            > vault.contextOf(own)
                                                    .get(entry.id().actor())
                                                    .sequence();
                    if (isUnseen && callsForAcknowledgement(BatchCodec.decode(entry.batch()))) {
                        batches++;
                    }
                }
            }
        }
        return batches;
    }
}

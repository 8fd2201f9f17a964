package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.BatchId;
import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Position;
import dev.loam.core.VaultId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where the batches of each actor lie in the log, so that a sync session reads what it owes and not
 * the whole log. A run is a stretch of an actor's chain within at most {@link #SPAN} positions; the
 * table grows by a run per actor and span. Used by the writer thread alone; readers get copies.
 */
final class RunTable {
    static final int SPAN = 4_096;

    /** Batches {@code firstSequence..lastSequence}, all within {@code first..last} of the log. */
    record Run(long firstSequence, long lastSequence, Position first, Position last) {}

    private record Chain(VaultId vault, ActorId actor) implements Comparable<Chain> {
        @Override
        public int compareTo(Chain other) {
            int byVault = vault.compareTo(other.vault);
            return byVault != 0 ? byVault : actor.compareTo(other.actor);
        }
    }

    private final SortedMap<Chain, List<Run>> runs = new TreeMap<>();

    void add(BatchId id, Position position) {
        List<Run> chain =
                runs.computeIfAbsent(
                        new Chain(id.vault(), id.actor()), absent -> new ArrayList<>());
        if (!chain.isEmpty()) {
            Run last = chain.getLast();
            if (position.number() - last.first().number() < SPAN
                    && id.sequence() == last.lastSequence() + 1) {
                chain.set(
                        chain.size() - 1,
                        new Run(last.firstSequence(), id.sequence(), last.first(), position));
                return;
            }
        }
        chain.add(new Run(id.sequence(), id.sequence(), position, position));
    }

    /** The first position at which a batch after {@code sequence} of that actor lies. */
    Optional<Position> startAfter(VaultId vault, ActorId actor, long sequence) {
        List<Run> chain = runs.getOrDefault(new Chain(vault, actor), List.of());
        int low = 0;
        int high = chain.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (chain.get(middle).lastSequence() <= sequence) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == chain.size() ? Optional.empty() : Optional.of(chain.get(low).first());
    }

    void encodeTo(ByteWriter writer) {
        writer.varint(runs.size());
        runs.forEach(
                (chain, list) -> {
                    writer.raw(chain.vault().bytes());
                    writer.raw(chain.actor().bytes());
                    writer.varint(list.size());
                    for (Run run : list) {
                        writer.varint(run.firstSequence());
                        writer.varint(run.lastSequence());
                        writer.varint(run.first().number());
                        writer.varint(run.last().number());
                    }
                });
    }

    static RunTable decode(ByteReader reader) {
        RunTable table = new RunTable();
        long chains = reader.varint();
        for (long i = 0; i < chains; i++) {
            Chain chain =
                    new Chain(
                            new VaultId(reader.raw(VaultId.SIZE)),
                            new ActorId(reader.raw(ActorId.SIZE)));
            long count = reader.varint();
            List<Run> list = new ArrayList<>();
            for (long j = 0; j < count; j++) {
                list.add(
                        new Run(
                                reader.varint(),
                                reader.varint(),
                                new Position(reader.varint()),
                                new Position(reader.varint())));
            }
            table.runs.put(chain, list);
        }
        return table;
    }
}

package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.BatchId;
import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.ChainHash;
import dev.loam.core.Position;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.sync.Amount;
import dev.loam.sync.SequenceRange;
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

    /**
     * Batches {@code firstSequence..lastSequence}, all within {@code first..last} of the log.
     *
     * @param operations of all of them; {@link #UNKNOWN} where a compaction let go the first ones
     * @param bytes of the batches, likewise
     */
    record Run(
            long firstSequence,
            long lastSequence,
            Position first,
            Position last,
            long operations,
            long bytes) {
        static final long UNKNOWN = -1;

        Run with(Position position, long more, long moreBytes) {
            return new Run(
                    firstSequence,
                    lastSequence + 1,
                    first,
                    position,
                    operations == UNKNOWN ? UNKNOWN : operations + more,
                    bytes == UNKNOWN ? UNKNOWN : bytes + moreBytes);
        }

        /** The part after {@code sequence}, of which nobody has counted the operations. */
        Run after(long sequence) {
            return sequence < firstSequence
                    ? this
                    : new Run(sequence + 1, lastSequence, first, last, UNKNOWN, UNKNOWN);
        }

        Run uncounted() {
            return new Run(firstSequence, lastSequence, first, last, UNKNOWN, UNKNOWN);
        }

        boolean isCounted() {
            return operations != UNKNOWN;
        }
    }

    /**
     * How much a range of an actor's batches is.
     *
     * @param counted what the table knows
     * @param uncounted runs of which a part is in the range: the log has to be read
     */
    record Measure(Amount counted, List<Run> uncounted) {}

    private record Chain(VaultId vault, ActorId actor) implements Comparable<Chain> {
        @Override
        public int compareTo(Chain other) {
            int byVault = vault.compareTo(other.vault);
            return byVault != 0 ? byVault : actor.compareTo(other.actor);
        }
    }

    /** The last batch of an actor that stands in the log with its author's seal. */
    record Sealed(long sequence, ChainHash hash) {}

    private final SortedMap<Chain, List<Run>> runs = new TreeMap<>();
    private final SortedMap<Chain, Sealed> sealed = new TreeMap<>();

    /** The last batches that the log has not any more; not in the encoded form. */
    private final SortedMap<Chain, Long> gone = new TreeMap<>();

    /** Since this store was opened; not in the encoded form. */
    private final SortedMap<Chain, RecentBatches> recent = new TreeMap<>();

    void add(LogEntry entry, int operations, Position position) {
        BatchId id = entry.id();
        Chain key = new Chain(id.vault(), id.actor());
        if (entry.seal().isPresent()) {
            sealed.put(key, new Sealed(id.sequence(), entry.hash()));
        }
        int bytes = entry.batch().size();
        recent.computeIfAbsent(key, absent -> new RecentBatches())
                .add(id.sequence(), position, operations, bytes);
        List<Run> chain = runs.computeIfAbsent(key, absent -> new ArrayList<>());
        if (!chain.isEmpty()) {
            Run last = chain.getLast();
            if (position.number() - last.first().number() < SPAN
                    && id.sequence() == last.lastSequence() + 1) {
                chain.set(chain.size() - 1, last.with(position, operations, bytes));
                return;
            }
        }
        chain.add(new Run(id.sequence(), id.sequence(), position, position, operations, bytes));
    }

    /** Forgets how much a batch is: it has become another number of bytes. */
    void recount(BatchId id) {
        Chain key = new Chain(id.vault(), id.actor());
        recent.remove(key);
        List<Run> chain = runs.getOrDefault(key, new ArrayList<>());
        int place = firstAfter(chain, id.sequence() - 1);
        if (place < chain.size() && chain.get(place).firstSequence() <= id.sequence()) {
            chain.set(place, chain.get(place).uncounted());
        }
    }

    /** Forgets the batches of an actor through that number: they are not in the log any more. */
    void letGo(VaultId vault, ActorId actor, long through) {
        Chain key = new Chain(vault, actor);
        gone.put(key, through);
        runs.computeIfPresent(key, (chain, list) -> behind(list, through));
    }

    private static List<Run> behind(List<Run> list, long sequence) {
        List<Run> left = new ArrayList<>();
        for (Run run : list) {
            if (run.lastSequence() > sequence) {
                left.add(run.after(sequence));
            }
        }
        return left;
    }

    /** Whether no batch after {@code sequence} was let go: only beginnings ever are. */
    boolean hasAllAfter(VaultId vault, ActorId actor, long sequence) {
        return gone.getOrDefault(new Chain(vault, actor), 0L) <= sequence;
    }

    /** The first position at which a batch after {@code sequence} of that actor lies. */
    Optional<Position> startAfter(VaultId vault, ActorId actor, long sequence) {
        Optional<Position> known =
                Optional.ofNullable(recent.get(new Chain(vault, actor)))
                        .flatMap(each -> each.positionOf(sequence + 1));
        if (known.isPresent()) {
            return known;
        }
        List<Run> chain = runs.getOrDefault(new Chain(vault, actor), List.of());
        int low = firstAfter(chain, sequence);
        return low == chain.size() ? Optional.empty() : Optional.of(chain.get(low).first());
    }

    /** How much an actor's batches in {@code range} are, as far as the table knows. */
    Measure measure(VaultId vault, ActorId actor, SequenceRange range) {
        Chain key = new Chain(vault, actor);
        Optional<Amount> recently =
                Optional.ofNullable(recent.get(key)).flatMap(each -> each.measure(range));
        if (recently.isPresent()) {
            return new Measure(recently.get(), List.of());
        }
        List<Run> chain = runs.getOrDefault(key, List.of());
        Amount counted = Amount.ZERO;
        List<Run> uncounted = new ArrayList<>();
        for (int i = firstAfter(chain, range.after()); i < chain.size(); i++) {
            Run run = chain.get(i);
            if (run.firstSequence() > range.through()) {
                break;
            }
            boolean whole =
                    range.after() < run.firstSequence() && run.lastSequence() <= range.through();
            if (whole && run.isCounted()) {
                long batches = run.lastSequence() - run.firstSequence() + 1;
                counted = counted.plus(new Amount(batches, run.operations(), run.bytes()));
            } else {
                uncounted.add(run);
            }
        }
        return new Measure(counted, uncounted);
    }

    private static int firstAfter(List<Run> chain, long sequence) {
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
        return low;
    }

    /**
     * How far a foreign actor's chain can be passed on: a crash may have kept the first batches of
     * a run and lost the one with the seal that covers them.
     */
    Optional<Sealed> sealed(VaultId vault, ActorId actor) {
        return Optional.ofNullable(sealed.get(new Chain(vault, actor)));
    }

    /** Whether all that is here of a foreign actor can be passed on, if it has to be. */
    boolean canBePassedOn(VaultState vault, ActorId actor) {
        long tip = vault.frontier().get(actor).sequence();
        return tip <= vault.horizon().get(actor).sequence()
                || sealed(vault.id(), actor).filter(last -> last.sequence() == tip).isPresent();
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
                        writer.varint(run.operations() + 1);
                        writer.varint(run.bytes() + 1);
                    }
                    Sealed last = sealed.get(chain);
                    writer.varint(last == null ? 0 : last.sequence());
                    if (last != null) {
                        writer.raw(last.hash().bytes());
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
                                new Position(reader.varint()),
                                reader.varint() - 1,
                                reader.varint() - 1));
            }
            table.runs.put(chain, list);
            long sealedSequence = reader.varint();
            if (sealedSequence > 0) {
                table.sealed.put(
                        chain,
                        new Sealed(sealedSequence, new ChainHash(reader.raw(ChainHash.SIZE))));
            }
        }
        return table;
    }
}

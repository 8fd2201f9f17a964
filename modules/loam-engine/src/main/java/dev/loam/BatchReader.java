package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.Chain;
import dev.loam.core.CutForm;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.core.VaultId;
import dev.loam.log.LogItem;
import dev.loam.sync.Amount;
import dev.loam.sync.BatchRanges;
import dev.loam.sync.EndReason;
import dev.loam.sync.SequenceRange;
import dev.loam.sync.SyncEffect;
import dev.loam.sync.SyncEntry;
import dev.loam.sync.SyncInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Measures and reads what a peer lacks, and signs what this device wrote of it. */
final class BatchReader {
    /** Own batches that stand under one seal at most. */
    static final int SEAL_EVERY = 100;

    /** Of one frame: its receiver logs them in one group, which takes a few times as many. */
    static final int BATCHES_MAX = 10 * SEAL_EVERY;

    private final Store store;
    private final LoggedBatches logged;

    /** When the session began. */
    private final int rewrites;

    /** Where the next read of a vault goes on in the log; forgotten with the session. */
    private final Map<VaultId, Position> readFrom = new TreeMap<>();

    BatchReader(Store store) {
        this.store = store;
        this.logged = new LoggedBatches(store);
        this.rewrites = store.forgetting().rewrites();
    }

    /** Exactly: what the run table has not counted is counted in the log. */
    SyncInput measure(SyncEffect.Measure measure) {
        try {
            if (measure.heads().entrySet().stream()
                    .anyMatch(
                            told ->
                                    isOfAnotherHistory(
                                            told.getKey(),
                                            told.getValue(),
                                            Objects.requireNonNull(
                                                    measure.batches().get(told.getKey()))))) {
                return new SyncInput.Stopped(EndReason.FORK);
            }
            SortedMap<VaultId, Amount> amounts = new TreeMap<>();
            measure.batches().forEach((vault, ranges) -> amounts.put(vault, amount(vault, ranges)));
            return new SyncInput.Measured(amounts);
        } catch (LoamException failed) {
            return new SyncInput.Stopped(EndReason.STORE_FAILED);
        }
    }

    /** Where this store has let go of the batch in question, that cannot be told. */
    private boolean isOfAnotherHistory(
            VaultId vault, SortedMap<ActorId, Bytes> heads, BatchRanges lacking) {
        return heads.entrySet().stream()
                .anyMatch(
                        head -> {
                            long sequence =
                                    Objects.requireNonNull(lacking.ranges().get(head.getKey()))
                                            .after();
                            Bytes told = head.getValue();
                            return logged.find(new BatchId(vault, head.getKey(), sequence))
                                    .filter(
                                            held ->
                                                    !held.hash()
                                                            .bytes()
                                                            .slice(0, told.size())
                                                            .equals(told))
                                    .isPresent();
                        });
    }

    private Amount amount(VaultId vault, BatchRanges ranges) {
        SortedMap<ActorId, RunTable.Measure> measured =
                store.ask(
                        stage -> {
                            SortedMap<ActorId, RunTable.Measure> each = new TreeMap<>();
                            ranges.ranges()
                                    .forEach(
                                            (actor, range) ->
                                                    each.put(
                                                            actor,
                                                            store.runs()
                                                                    .measure(vault, actor, range)));
                            return each;
                        });
        Amount amount = new RangeCount(store.log(), vault, ranges, measured).count();
        for (RunTable.Measure each : measured.values()) {
            amount = amount.plus(each.counted());
        }
        return amount;
    }

    /**
     * What a compaction let go since it was announced only a snapshot can give. What was cut since
     * then may have become more bytes than were announced: the next session announces it anew.
     */
    SyncInput read(SyncEffect.Read read) {
        try {
            return entries(read)
                    .<SyncInput>map(entries -> answer(read.vault(), entries))
                    .orElseGet(() -> new SyncInput.Stopped(EndReason.REBASE_REQUIRED));
        } catch (LoamException failed) {
            return new SyncInput.Stopped(EndReason.STORE_FAILED);
        }
    }

    private SyncInput answer(VaultId vault, List<SyncEntry> entries) {
        boolean mayBeLarger =
                store.forgetting().rewrites() != rewrites
                        && entries.stream().anyMatch(entry -> CutForm.isOne(entry.batch()));
        return mayBeLarger
                ? new SyncInput.Stopped(EndReason.PAUSED)
                : new SyncInput.BatchesRead(vault, entries);
    }

    /**
     * Goes on in the log where the last answer for the vault ended. What was not told then, because
     * its seal was missing, may lie before that: then it begins anew.
     */
    private Optional<List<SyncEntry>> entries(SyncEffect.Read read) {
        return Optional.ofNullable(readFrom.get(read.vault()))
                .flatMap(from -> entries(read, from))
                .or(() -> entries(read, firstOf(read.vault(), read.wanted())));
    }

    /** Empty if those that the peer needs first do not follow there. */
    private Optional<List<SyncEntry>> entries(SyncEffect.Read read, Position from) {
        List<LogEntry> found = new ArrayList<>();
        long weight = 0;
        Position last = from;
        Position forced = store.log().forced();
        try (LogWalk reader = LogWalk.after(store.log(), from)) {
            while (reader.hasNext() && found.size() < BATCHES_MAX) {
                LogItem item = reader.next();
                if (item instanceof LogItem.States) {
                    continue;
                }
                if (!(item instanceof LogItem.Entry(Position position, Bytes payload))) {
                    throw new LoamException(
                            ErrorCode.CORRUPT, "the log is damaged where the peer lacks batches");
                }
                if (position.isAfter(forced)) {
                    break;
                }
                LogEntry entry = LogEntry.decode(payload);
                if (entry.id().vault().equals(read.vault())
                        && read.wanted().contains(entry.id().actor(), entry.id().sequence())) {
                    weight += entry.batch().size() + SyncEntry.ENVELOPE_BYTES;
                    if (!found.isEmpty() && weight > read.weightMax()) {
                        break;
                    }
                    found.add(entry);
                }
                last = position;
            }
        }
        readFrom.put(read.vault(), last);
        return Optional.of(sealed(read.vault(), found))
                .filter(entries -> !entries.isEmpty() && read.wanted().isBegunBy(entries));
    }

    /** The position before the first batch that is wanted. */
    private Position firstOf(VaultId vault, BatchRanges wanted) {
        return store.ask(
                stage -> {
                    Position first = store.log().end();
                    for (Map.Entry<ActorId, SequenceRange> range : wanted.ranges().entrySet()) {
                        Position start =
                                store.runs()
                                        .startAfter(vault, range.getKey(), range.getValue().after())
                                        .orElse(first);
                        if (first.isAfter(start)) {
                            first = start;
                        }
                    }
                    return new Position(Math.max(0, first.number() - 1));
                });
    }

    /**
     * Signs the last batch of each of this device's actors, and every {@value #SEAL_EVERY}th: a
     * signature covers its author's chain up to it, and a device that two members let in at once
     * has two.
     */
    private List<SyncEntry> sealed(VaultId vault, List<LogEntry> entries) {
        SortedMap<ActorId, Integer> own = new TreeMap<>();
        for (LogEntry entry : entries) {
            if (isOfThisDevice(vault, entry.id().actor())) {
                own.merge(entry.id().actor(), 1, Integer::sum);
            }
        }
        List<SyncEntry> sealed = new ArrayList<>();
        for (LogEntry entry : entries) {
            ActorId actor = entry.id().actor();
            Integer behind = own.computeIfPresent(actor, (each, count) -> count - 1);
            Optional<Bytes> seal =
                    behind != null && behind % SEAL_EVERY == 0
                            ? Optional.of(
                                    store.identity()
                                            .sign(Chain.sealMessage(entry.id(), entry.hash())))
                            : entry.seal();
            sealed.add(new SyncEntry(actor, entry.id().sequence(), entry.batch(), seal));
        }
        return sealed;
    }

    private boolean isOfThisDevice(VaultId vault, ActorId actor) {
        ActorState author = store.state().vault(vault).actors().get(actor);
        return author != null && author.device().equals(store.device());
    }
}

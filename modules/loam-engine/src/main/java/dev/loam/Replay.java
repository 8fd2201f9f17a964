package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Operation;
import dev.loam.core.Part;
import dev.loam.core.Position;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.index.StoredRecord;
import dev.loam.log.LogItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reads the log from its beginning and hands on the operations that a filter lets pass. */
final class Replay {
    private static final int BATCHES_PER_REPORT = 1_000;

    private final Store store;
    private final OperationFilter filter;
    private final Consumer<LoggedOperation> sink;
    private final Consumer<CompactedRecord> compactedSink;
    private final StoreState state;
    private final Map<VaultId, String> names = new TreeMap<>();
    private final List<String> damage = new ArrayList<>();
    private long batches;
    private long operations;
    private long compacted;
    private long damaged;

    /**
     * @throws LoamException {@code NOT_FOUND} if the filter names a vault or an actor that the
     *     store does not know
     */
    Replay(
            Store store,
            OperationFilter filter,
            Consumer<LoggedOperation> sink,
            Consumer<CompactedRecord> compactedSink) {
        this.store = store;
        this.filter = filter;
        this.sink = sink;
        this.compactedSink = compactedSink;
        this.state = store.state();
        state.byName().forEach((name, vault) -> names.put(vault.id(), name));
        filter.vault().ifPresent(this::requireVault);
        filter.actor().ifPresent(this::requireActor);
    }

    private void requireVault(String name) {
        if (state.named(name).isEmpty()) {
            throw new LoamException(
                    ErrorCode.NOT_FOUND, "there is no vault \"" + name + "\" in this store");
        }
    }

    private void requireActor(String digits) {
        boolean isKnown =
                state.vaults().values().stream()
                        .flatMap(vault -> vault.actors().entrySet().stream())
                        .anyMatch(
                                actor ->
                                        filter.takesAuthor(
                                                actor.getKey(),
                                                actor.getValue().device().toString()));
        if (!isKnown) {
            throw new LoamException(
                    ErrorCode.NOT_FOUND,
                    "no actor or device of this store has an id that begins with "
                            + digits
                            + "; `loam inspect` lists them");
        }
    }

    ReplayReport run(Progress progress) {
        long total = store.log().end().number();
        progress.at(0, total);
        try (LogWalk walk = LogWalk.after(store.log(), Position.START)) {
            while (walk.hasNext()) {
                switch (walk.next()) {
                    case LogItem.Entry entry -> take(entry);
                    case LogItem.States states -> take(states);
                    case LogItem.LostStates(String what) -> {
                        damaged++;
                        damage.add("records as a compaction left them: " + what);
                    }
                    case LogItem.Damage(Position first, Position last, String what) -> {
                        damaged += last.number() - first.number() + 1;
                        damage.add("positions " + first + " to " + last + ": " + what);
                    }
                }
                if ((batches + damaged) % BATCHES_PER_REPORT == 0) {
                    progress.at(batches + damaged, total);
                }
            }
        }
        progress.at(batches + damaged, total);
        return new ReplayReport(batches, operations, compacted, damaged, damage);
    }

    /** Of these nobody knows any more who wrote them, and when. */
    private void take(LogItem.States item) {
        try {
            if (filter.choosesOperations()
                    || !(States.decode(item.payload()) instanceof States.Records records)) {
                return;
            }
            for (StoredRecord record : records.records()) {
                String vault = names.getOrDefault(record.id().vault(), "");
                String key = record.id().key();
                if (filter.vault().filter(name -> !name.equals(vault)).isEmpty()
                        && filter.key().filter(wanted -> !wanted.equals(key)).isEmpty()) {
                    compacted++;
                    compactedSink.accept(new CompactedRecord(vault, key));
                }
            }
        } catch (LoamException malformed) {
            damaged++;
            damage.add("states " + item.ordinal() + ": " + malformed.getMessage());
        }
    }

    private void take(LogItem.Entry item) {
        LogEntry entry;
        Batch batch;
        try {
            entry = LogEntry.decode(item.payload());
            batch = BatchCodec.decode(entry.batch());
        } catch (LoamException malformed) {
            damaged++;
            damage.add("position " + item.position() + ": " + malformed.getMessage());
            return;
        }
        batches++;
        Instant time = Instant.ofEpochMilli(batch.stamp().millis());
        String vault = names.getOrDefault(entry.id().vault(), "");
        Optional<DeviceId> device = deviceOf(entry.id().vault(), entry.id().actor());
        if (filter.vault().filter(name -> !name.equals(vault)).isPresent()
                || !filter.takesTime(time)
                || !filter.takesAuthor(
                        entry.id().actor(), device.map(DeviceId::toString).orElse(""))) {
            return;
        }
        PrimitiveIterator.OfLong counters = batch.partCounters();
        for (Part part : batch.parts()) {
            long counter = counters.nextLong();
            boolean isMeant = filter.key().filter(key -> !key.equals(part.key())).isEmpty();
            for (Operation operation : part.operations()) {
                if (isMeant) {
                    operations++;
                    sink.accept(
                            new LoggedOperation(
                                    vault,
                                    entry.id(),
                                    counter,
                                    device,
                                    time,
                                    part.key(),
                                    operation));
                }
                counter++;
            }
        }
    }

    private Optional<DeviceId> deviceOf(VaultId vault, ActorId actor) {
        VaultState known = state.vault(vault);
        return known.actor(actor).map(ActorState::device);
    }
}

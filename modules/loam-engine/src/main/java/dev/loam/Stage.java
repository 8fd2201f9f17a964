package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.Chain;
import dev.loam.core.ChainHash;
import dev.loam.core.Dependency;
import dev.loam.core.Dot;
import dev.loam.core.Invariant;
import dev.loam.core.Operation;
import dev.loam.core.Origin;
import dev.loam.core.Part;
import dev.loam.core.Position;
import dev.loam.core.RecordId;
import dev.loam.core.RecordState;
import dev.loam.core.Stamp;
import dev.loam.core.StateDigest;
import dev.loam.core.Tip;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.core.VersionVector;
import dev.loam.index.IndexSnapshot;
import dev.loam.index.RecordChange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What a group of batches makes of the state, before anybody may see it. A stage reads through to
 * the state it stands on; thrown away, it leaves nothing behind. A nested stage is for one task of
 * the group: it is absorbed when the task succeeded and dropped when it threw.
 */
final class Stage implements AutoCloseable {
    private final StoreState base;
    private final IndexSnapshot index;
    private final Optional<Stage> outer;
    private final Map<VaultId, VaultState> vaults = new TreeMap<>();
    private final Map<RecordId, RecordState> records = new LinkedHashMap<>();
    private final Map<String, Integer> dimensions = new TreeMap<>();
    private final List<LogEntry> entries = new ArrayList<>();
    private final Set<RecordId> absent = new HashSet<>();
    private final Function<RecordId, Optional<Bytes>> states;
    private final List<Batch> batches = new ArrayList<>();
    private final Position end;
    private long bytes;

    /**
     * The outermost stage, on the state and the index as of {@code end}.
     *
     * @param states what the index holds of a record
     */
    Stage(
            StoreState base,
            IndexSnapshot index,
            Position end,
            Function<RecordId, Optional<Bytes>> states) {
        this.base = base;
        this.index = index;
        this.states = states;
        this.end = end;
        this.outer = Optional.empty();
    }

    private Stage(Stage outer) {
        this.base = outer.base;
        this.index = outer.index;
        this.states = outer.states;
        this.end = outer.position();
        this.outer = Optional.of(outer);
    }

    Optional<Stage> outer() {
        return outer;
    }

    Stage nested() {
        return new Stage(this);
    }

    /** Takes over what a nested stage has done. */
    void absorb(Stage nested) {
        vaults.putAll(nested.vaults);
        nested.records.forEach(this::putRecord);
        nested.dimensions.forEach(dimensions::putIfAbsent);
        entries.addAll(nested.entries);
        batches.addAll(nested.batches);
        bytes += nested.bytes;
    }

    /** The outermost stage lets the snapshot below go; a nested one has nothing of its own. */
    @Override
    public void close() {
        if (outer.isEmpty()) {
            index.close();
        }
    }

    SortedMap<VaultId, VaultState> touchedVaults() {
        return new TreeMap<>(vaults);
    }

    /** The position of the last batch staged so far. */
    Position position() {
        return end.plus(entries.size());
    }

    List<LogEntry> entries() {
        return entries;
    }

    /** What the entries hold, in the same order. */
    List<Batch> batches() {
        return batches;
    }

    /** Size of the encoded batches. */
    long bytes() {
        return bytes;
    }

    /** The base with the vaults as they are staged; built anew at each call. */
    StoreState state() {
        StoreState below = outer.map(Stage::state).orElse(base);
        return vaults.isEmpty() ? below : below.with(vaults, dimensions);
    }

    /** The vault that has this name on the base; else the one that the stage has founded. */
    Optional<VaultState> named(String name) {
        Optional<VaultState> known = base.named(name);
        return known.isPresent() ? known.map(vault -> vault(vault.id())) : state().named(name);
    }

    /** The length that vectors of {@code model} have in this store, once there is one. */
    Optional<Integer> dimension(String model) {
        Integer known = dimensions.get(model);
        if (known == null) {
            known = base.dimensions().get(model);
        }
        return known != null ? Optional.of(known) : outer.flatMap(stage -> stage.dimension(model));
    }

    VaultState vault(VaultId id) {
        VaultState staged = vaults.get(id);
        if (staged != null) {
            return staged;
        }
        return outer.map(stage -> stage.vault(id)).orElseGet(() -> base.vault(id));
    }

    /** A record as operations are written over it and applied to it: settled by now. */
    RecordState record(RecordId id) {
        return unsettled(id).settled(vault(id.vault()).horizon());
    }

    /** A record as it was last written, by a horizon that may have risen since. */
    private RecordState unsettled(RecordId id) {
        RecordState staged = records.get(id);
        if (staged != null) {
            return staged;
        }
        return outer.isPresent() ? outer.get().unsettled(id) : indexed(id);
    }

    private RecordState indexed(RecordId id) {
        if (absent.contains(id)) {
            return RecordState.EMPTY;
        }
        Optional<Bytes> state = states.apply(id);
        if (state.isEmpty()) {
            absent.add(id);
            return RecordState.EMPTY;
        }
        return RecordState.reread(state.get());
    }

    /** The staged batch of that identity; batches below the stage are in the log. */
    Optional<LogEntry> entry(BatchId id) {
        for (LogEntry entry : entries) {
            if (entry.id().equals(id)) {
                return Optional.of(entry);
            }
        }
        return outer.flatMap(stage -> stage.entry(id));
    }

    List<RecordChange> changes() {
        List<RecordChange> changes = new ArrayList<>(records.size());
        records.forEach(
                (id, state) -> {
                    Bytes settled = state.settled(vault(id.vault()).horizon()).encode();
                    changes.add(
                            absent.contains(id)
                                    ? RecordChange.first(id, settled)
                                    : RecordChange.next(id, settled));
                });
        return changes;
    }

    /** A batch of this device's own, to be completed and staged by {@link #stage}. */
    Draft draft(VaultId vault, ActorId actor, long wallMillis) {
        VaultState state = vault(vault);
        Tip tip = state.actors().containsKey(actor) ? state.actors().get(actor).tip() : Tip.NONE;
        return new Draft(
                new BatchId(vault, actor, tip.sequence() + 1),
                state.nextStamp(actor, wallMillis),
                tip.counter() + 1,
                state.seen(state.frontier()),
                state.dependenciesOf(actor));
    }

    /** What stands fixed about an own batch before its operations are known. */
    record Draft(
            BatchId id,
            Stamp stamp,
            long firstCounter,
            VersionVector context,
            List<Dependency> dependencies) {
        RecordEdit edit(RecordState state, DotSequence dots) {
            return new RecordEdit(state, dots, stamp, context);
        }

        DotSequence dots() {
            return new DotSequence(id.actor(), firstCounter);
        }

        Batch batch(List<Part> parts, Bytes seed) {
            return new Batch(stamp, firstCounter, dependencies, parts, seed);
        }
    }

    /** Stages an own batch. */
    void stage(BatchId id, Batch batch) {
        Bytes encoded = BatchCodec.encode(batch);
        ActorState actor = vault(id.vault()).actors().get(id.actor());
        ChainHash previous = actor == null ? Chain.START : actor.hash();
        ChainHash hash = Chain.next(id, previous, encoded);
        stage(new LogEntry(id, hash, Optional.empty(), encoded), batch);
    }

    /**
     * Stages a batch that the gate has let pass, or that the log already holds.
     *
     * @return the memories on which its operations come to nothing, as they were removed
     */
    Set<String> stage(LogEntry entry, Batch batch) {
        Set<String> late = new TreeSet<>();
        BatchId id = entry.id();
        VaultState before = vault(id.vault());
        VaultState after = before.applied(id, batch, entry.hash());
        VersionVector seen = after.seen(after.contextOf(id.actor()));
        StateDigest digest = before.digest();
        long living = before.records();
        PrimitiveIterator.OfLong counters = batch.partCounters();
        for (Part part : batch.parts()) {
            long counter = counters.nextLong();
            if (part.key().isEmpty()) {
                continue;
            }
            RecordId record = new RecordId(id.vault(), part.key());
            RecordState old = record(record);
            RecordState merged = old;
            if (old.hasRemovals()) {
                Origin first = new Origin(new Dot(id.actor(), counter), batch.stamp(), seen);
                if (!old.removalsUnseenBy(first).isEmpty()) {
                    late.add(part.key());
                }
            }
            for (Operation operation : part.operations()) {
                Dot dot = new Dot(id.actor(), counter++);
                if (operation instanceof Operation.Embed(String model, var made, var over)) {
                    dimensions.putIfAbsent(model, made.vector().size() / Float.BYTES);
                }
                merged = merged.apply(new Origin(dot, batch.stamp(), seen), operation);
            }
            if (old.isAlive()) {
                digest = digest.minus(old.contentHash(record));
                living--;
            }
            if (merged.isAlive()) {
                digest = digest.plus(merged.contentHash(record));
                living++;
            }
            putRecord(record, merged);
        }
        Invariant.check(living >= 0, "vault {0} counts {1} records", id.vault(), living);
        vaults.put(id.vault(), after.counted(digest, living));
        entries.add(entry);
        batches.add(batch);
        bytes += entry.batch().size();
        return late;
    }

    /** Has the last batch logged in another form, which does the same. */
    void replaceLast(LogEntry entry, Batch batch) {
        bytes += entry.batch().size() - entries.removeLast().batch().size();
        entries.addLast(entry);
        batches.removeLast();
        batches.addLast(batch);
    }

    /** Keeps the order of last change, which becomes the order of the pending table. */
    private void putRecord(RecordId id, RecordState state) {
        records.remove(id);
        records.put(id, state);
    }
}

package dev.loam.longrun;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.Dot;
import dev.loam.core.FieldName;
import dev.loam.core.Gate;
import dev.loam.core.Lifetime;
import dev.loam.core.Operation;
import dev.loam.core.Origin;
import dev.loam.core.Part;
import dev.loam.core.RecordState;
import dev.loam.core.Stamp;
import dev.loam.core.Tip;
import dev.loam.core.Value;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.core.Verdict;
import dev.loam.core.VersionVector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PrimitiveIterator;

/** A copy of one vault in memory: what merging costs when neither a disk nor an index is there. */
final class MergeReplica {
    private static final long WALL_MILLIS = 1L << 45;

    /** A batch as it travels. */
    record Sent(BatchId id, Bytes encoded) {}

    private final Map<String, RecordState> records = new HashMap<>();
    private VaultState vault;

    MergeReplica(VaultId id) {
        vault = VaultState.unknown(id);
    }

    /** Settled as far as cuts allow. */
    RecordState record(String key) {
        return records.getOrDefault(key, RecordState.EMPTY).settled(vault.horizon());
    }

    /** What could be settled now. */
    Optional<Operation.Cut> cut(ActorId author) {
        return vault.cut(author);
    }

    /** Of all records, settled as far as cuts allow, and of what the vault keeps itself. */
    long stateBytes() {
        return vault.encode().size()
                + records.values().stream()
                        .mapToLong(state -> state.settled(vault.horizon()).encode().size())
                        .sum();
    }

    VersionVector frontier() {
        return vault.frontier();
    }

    /** Takes a batch as one that came from elsewhere: decoded, judged, chained, applied. */
    void receive(Sent sent) {
        Batch batch = BatchCodec.decode(sent.encoded());
        Verdict verdict =
                Gate.judge(
                        vault,
                        sent.id(),
                        batch,
                        sent.encoded(),
                        (actor, sequence) -> Optional.empty(),
                        WALL_MILLIS);
        if (!(verdict instanceof Verdict.Apply(var hash))) {
            throw new AssertionError("the gate says " + verdict);
        }
        vault = vault.applied(sent.id(), batch, hash);
        ActorId actor = sent.id().actor();
        VersionVector context = vault.contextOf(actor);
        PrimitiveIterator.OfLong counters = batch.partCounters();
        for (Part part : batch.parts()) {
            long counter = counters.nextLong();
            if (part.isControl()) {
                continue;
            }
            RecordState state = record(part.key());
            for (Operation operation : part.operations()) {
                Origin origin = new Origin(new Dot(actor, counter++), batch.stamp(), context);
                state = state.apply(origin, operation);
            }
            records.put(part.key(), state);
        }
    }

    /**
     * Writes one batch, applied here already.
     *
     * @param parts in the order of their keys
     */
    Sent write(ActorId actor, List<Part> parts, Bytes seed) {
        Tip tip = vault.frontier().get(actor);
        Stamp last = vault.actor(actor).map(ActorState::stamp).orElse(Stamp.ZERO);
        Batch batch =
                new Batch(
                        last.next(1_000),
                        tip.counter() + 1,
                        vault.dependenciesOf(actor),
                        parts,
                        seed);
        Sent sent =
                new Sent(
                        new BatchId(vault.id(), actor, tip.sequence() + 1),
                        BatchCodec.encode(batch));
        receive(sent);
        return sent;
    }

    /** What sets the field, having seen all that is here. */
    Part part(String key, String field, String value) {
        RecordState state = record(key);
        FieldName name = new FieldName(field);
        return new Part(
                key,
                List.of(
                        new Operation.Set(
                                name,
                                new Value.Text(value),
                                state.dots(name),
                                state.isAlive() ? Lifetime.CURRENT : Lifetime.FRESH)));
    }
}

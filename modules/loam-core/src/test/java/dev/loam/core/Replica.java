package dev.loam.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One device's copy of {@link Device#VAULT}, in memory. Everything enters through the gate; what
 * the gate parks is tried again after each batch that passes.
 */
final class Replica {
    /** Later than any stamp of these tests: no batch is parked for its clock. */
    static final long WALL_MILLIS = 1L << 45;

    /** An operation as it was applied. */
    record Applied(String key, Origin origin, Operation operation) {}

    /** When this copy drops what is settled. */
    enum Settling {
        AT_ONCE,
        BEFORE_USE,

        /** And whatever was settled at their author, operations name it. */
        NEVER
    }

    private final Device device;
    private final Settling settling;
    private final SortedMap<String, RecordState> records = new TreeMap<>();
    private final Map<BatchId, VersionVector> contexts = new HashMap<>();
    private final List<SealedBatch> log = new ArrayList<>();
    private final List<SealedBatch> parked = new ArrayList<>();
    private final List<Applied> operations = new ArrayList<>();
    private VaultState vault = VaultState.unknown(Device.VAULT);
    private long clockMillis = 1_000;

    Replica(Device device) {
        this(device, Settling.AT_ONCE);
    }

    private Replica(Device device, Settling settling) {
        this.device = device;
        this.settling = settling;
    }

    /** A vault of as many members, each of which knows all others. */
    static List<Replica> members(int count) {
        List<Replica> members = new ArrayList<>();
        List<Operation> controls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Device device = Device.number(i);
            members.add(new Replica(device));
            controls.add(i == 0 ? device.found() : device.enrol());
        }
        SealedBatch first = members.getFirst().write(new Part("", controls));
        members.forEach(member -> member.receive(first));
        return members;
    }

    /** A copy that has nothing and never writes. */
    static Replica reader() {
        return reader(Settling.AT_ONCE);
    }

    static Replica reader(Settling settling) {
        return new Replica(Device.number(-1), settling);
    }

    Replica clock(long millis) {
        clockMillis = millis;
        return this;
    }

    ActorId actor() {
        return device.actor();
    }

    /** What this copy knows of its own actor. */
    ActorState known() {
        return vault.actor(actor()).orElseThrow();
    }

    VaultState vault() {
        return vault;
    }

    List<SealedBatch> log() {
        return log;
    }

    List<SealedBatch> parked() {
        return parked;
    }

    List<Applied> operations() {
        return operations;
    }

    SortedMap<String, RecordState> records() {
        return records;
    }

    RecordState record(String key) {
        return records.getOrDefault(key, RecordState.EMPTY);
    }

    String text(String key, String field) {
        return record(key)
                .value(new FieldName(field))
                .map(value -> ((Value.Text) value).text())
                .orElse("");
    }

    SealedBatch write(Part... parts) {
        Batch batch = draft(parts);
        BatchId id = new BatchId(Device.VAULT, actor(), tip().sequence() + 1);
        SealedBatch sealed = new SealedBatch(id, BatchCodec.encode(batch));
        Verdict verdict = receive(sealed);
        Invariant.check(verdict instanceof Verdict.Apply, "own batch: {0}", verdict);
        return sealed;
    }

    /** The stamp heeds this actor's own last one only: the harshest that the gate allows. */
    Batch draft(Part... parts) {
        Stamp last = vault.actor(actor()).map(ActorState::stamp).orElse(Stamp.ZERO);
        return new Batch(
                last.next(clockMillis),
                tip().counter() + 1,
                vault.dependenciesOf(actor()),
                Arrays.asList(parts),
                Sha256.of(actor().bytes(), Bytes.ofUtf8("" + tip())).slice(0, Batch.SEED_SIZE));
    }

    SealedBatch set(String key, String field, String text) {
        FieldName name = new FieldName(field);
        return write(
                key,
                new Operation.Set(
                        name, new Value.Text(text), record(key).dots(name), Lifetime.CURRENT));
    }

    SealedBatch put(String key, String field, String text) {
        return write(
                key,
                new Operation.Set(
                        new FieldName(field), new Value.Text(text), List.of(), Lifetime.FRESH));
    }

    SealedBatch tag(String key, String tag) {
        Value element = new Value.Text(tag);
        List<Dot> seen = record(key).dots(FieldName.TAGS, element);
        return write(
                key, new Operation.AddElement(FieldName.TAGS, element, seen, Lifetime.CURRENT));
    }

    SealedBatch untag(String key, String tag) {
        Value element = new Value.Text(tag);
        List<Dot> seen = record(key).dots(FieldName.TAGS, element);
        return write(key, new Operation.RemoveElement(FieldName.TAGS, element, seen));
    }

    SealedBatch embed(String key, String model, int vectorByte) {
        Embedding embedding =
                new Embedding(
                        Sha256.of(Bytes.ofUtf8(key)),
                        Bytes.copyOf(new byte[] {0, 0, 0, (byte) vectorByte}));
        List<Dot> seen = record(key).embeddingDots(model);
        return write(key, new Operation.Embed(model, embedding, seen));
    }

    SealedBatch delete(String key) {
        return write(key, new Operation.Delete());
    }

    SealedBatch increment(String key, String field, long amount) {
        return write(key, new Operation.Increment(new FieldName(field), amount, Lifetime.CURRENT));
    }

    SealedBatch reset(String key, String field) {
        return write(key, new Operation.Reset(new FieldName(field)));
    }

    SealedBatch append(String key, String field, String entry) {
        return write(
                key,
                new Operation.Append(
                        new FieldName(field), new Value.Text(entry), Lifetime.CURRENT));
    }

    /** Keeps the last entries of a log, as many as {@code kept}. */
    SealedBatch truncate(String key, String field, int kept) {
        FieldName name = new FieldName(field);
        List<LogRow> rows = record(key).logs().getOrDefault(name, List.of());
        LogKey oldestKept =
                rows.isEmpty()
                        ? new LogKey(Stamp.ZERO, new Dot(actor(), 1))
                        : kept == 0
                                ? rows.getLast().key().next()
                                : rows.get(Math.max(0, rows.size() - kept)).key();
        return write(key, new Operation.Truncate(name, oldestKept));
    }

    SealedBatch max(String key, String field, long number) {
        FieldName name = new FieldName(field);
        return write(
                key,
                new Operation.Max(name, new Value.Whole(number), record(key).maximumDots(name)));
    }

    SealedBatch min(String key, String field, long number) {
        FieldName name = new FieldName(field);
        return write(
                key,
                new Operation.Min(name, new Value.Whole(number), record(key).minimumDots(name)));
    }

    SealedBatch remove(String key) {
        return write(key, new Operation.Remove());
    }

    SealedBatch purge(String key) {
        return write(key, new Operation.Purge());
    }

    SealedBatch write(String key, Operation operation) {
        return write(new Part(key, List.of(operation)));
    }

    /** Takes all that the other has, in the other's order. */
    void syncFrom(Replica other) {
        syncFrom(other, Integer.MAX_VALUE);
    }

    /** Takes as many batches as that of those that are missing here. */
    void syncFrom(Replica other, int batchesMax) {
        other.log.stream()
                .filter(batch -> !vault.frontier().covers(of(batch.id())))
                .limit(batchesMax)
                .toList()
                .forEach(this::receive);
    }

    Verdict receive(SealedBatch sealed) {
        Batch batch = sealed.batch();
        Verdict verdict = Gate.judge(vault, sealed.id(), batch, sealed.encoded(), receiver());
        switch (verdict) {
            case Verdict.Apply(ChainHash hash) -> {
                apply(sealed, batch, hash);
                List<SealedBatch> waiting = List.copyOf(parked);
                parked.clear();
                waiting.forEach(this::receive);
            }
            case Verdict.Park _ -> parked.add(sealed);
            case Verdict.Duplicate _, Verdict.Refuse _ -> {}
        }
        return verdict;
    }

    /** Takes the next batch of a log that the gate has let all of in. */
    void replay(SealedBatch next) {
        ChainHash before = vault.actor(next.id().actor()).map(ActorState::hash).orElse(Chain.START);
        apply(next, next.batch(), Chain.next(next.id(), before, next.encoded()));
    }

    private Receiver receiver() {
        Map<BatchId, Batch> waiting = new HashMap<>();
        parked.forEach(each -> waiting.put(each.id(), each.batch()));
        ChainHistory history =
                new ChainHistory() {
                    @Override
                    public Optional<Bytes> prefix(ActorId actor, long sequence) {
                        return Optional.empty();
                    }

                    @Override
                    public Optional<VersionVector> context(ActorId actor, long sequence) {
                        return Optional.ofNullable(
                                contexts.get(new BatchId(Device.VAULT, actor, sequence)));
                    }
                };
        return new Receiver(Optional.of(actor()), history, vault.named(waiting), WALL_MILLIS);
    }

    SealedBatch ack() {
        return write("", new Operation.Ack());
    }

    /** Writes the cut that is due; there must be one. */
    SealedBatch cut() {
        return write("", vault.cut(actor()).orElseThrow());
    }

    SealedBatch suspend(Replica other) {
        return write("", new Operation.Suspend(other.actor()));
    }

    private void apply(SealedBatch sealed, Batch batch, ChainHash hash) {
        VersionVector context = batch.contextAfter(vault.contextOf(sealed.id().actor()));
        VersionVector seen = vault.seen(context);
        PrimitiveIterator.OfLong counters = batch.partCounters();
        StateDigest digest = vault.digest();
        for (Part part : batch.parts()) {
            long counter = counters.nextLong();
            RecordId record = new RecordId(Device.VAULT, part.key());
            RecordState before = record(part.key());
            RecordState after =
                    settling == Settling.NEVER ? before : before.settled(vault.horizon());
            for (Operation operation : part.operations()) {
                Dot dot = new Dot(sealed.id().actor(), counter++);
                Origin origin = new Origin(dot, batch.stamp(), seen);
                if (!part.isControl()) {
                    after = after.apply(origin, asMeant(after, origin, operation));
                    operations.add(new Applied(part.key(), origin, operation));
                }
            }
            if (!part.isControl()) {
                digest = before.isAlive() ? digest.minus(before.contentHash(record)) : digest;
                digest = after.isAlive() ? digest.plus(after.contentHash(record)) : digest;
                records.put(part.key(), after);
            }
        }
        long living = records.values().stream().filter(RecordState::isAlive).count();
        vault = vault.applied(sealed.id(), batch, hash).counted(digest, living);
        if (settling == Settling.AT_ONCE) {
            settleAll();
        }
        contexts.put(
                sealed.id(), context.with(sealed.id().actor(), batch.tip(sealed.id().sequence())));
        log.add(sealed);
    }

    private void settleAll() {
        records.replaceAll((key, state) -> state.settled(vault.horizon()));
        records.values().removeIf(RecordState::isEmpty);
    }

    /** The operation, naming all that its author saw where nothing is settled. */
    private Operation asMeant(RecordState state, Origin origin, Operation operation) {
        if (settling != Settling.NEVER) {
            return operation;
        }
        return switch (operation) {
            case Operation.Set(var field, var value, var _, var lifetime) ->
                    new Operation.Set(field, value, seen(origin, state.dots(field)), lifetime);
            case Operation.Max(var field, var value, var _) ->
                    new Operation.Max(field, value, seen(origin, state.maximumDots(field)));
            case Operation.Min(var field, var value, var _) ->
                    new Operation.Min(field, value, seen(origin, state.minimumDots(field)));
            case Operation.AddElement(var field, var element, var _, var lifetime) -> {
                List<Dot> dots = seen(origin, state.dots(field, element));
                yield new Operation.AddElement(field, element, dots, lifetime);
            }
            case Operation.RemoveElement(var field, var element, var _) -> {
                List<Dot> dots = seen(origin, state.dots(field, element));
                yield new Operation.RemoveElement(field, element, dots);
            }
            case Operation.Embed(var model, var embedding, var _) ->
                    new Operation.Embed(model, embedding, seen(origin, state.embeddingDots(model)));
            default -> operation;
        };
    }

    private static List<Dot> seen(Origin origin, List<Dot> dots) {
        return dots.stream().filter(origin::saw).toList();
    }

    private Tip tip() {
        return vault.actor(actor()).map(ActorState::tip).orElse(Tip.NONE);
    }

    private static VersionVector of(BatchId id) {
        return VersionVector.EMPTY.with(id.actor(), new Tip(id.sequence(), id.sequence()));
    }

    /** This copy as its bytes tell it; what is parked is not in them and comes along. */
    Replica reopened() {
        Replica again = new Replica(device, settling);
        again.vault = VaultState.decode(vault.encode());
        records.forEach((key, state) -> again.records.put(key, RecordState.decode(state.encode())));
        again.contexts.putAll(contexts);
        again.log.addAll(log);
        again.parked.addAll(parked);
        again.operations.addAll(operations);
        again.clockMillis = clockMillis;
        return again;
    }

    /** All that this copy has become, in bytes. */
    SortedMap<String, Bytes> bytes() {
        if (settling != Settling.NEVER) {
            settleAll();
        }
        SortedMap<String, Bytes> bytes = new TreeMap<>();
        records.forEach((key, state) -> bytes.put(key, state.encode()));
        bytes.put("", vault.encode());
        return bytes;
    }
}

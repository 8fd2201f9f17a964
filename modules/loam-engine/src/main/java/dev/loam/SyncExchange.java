package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.Chain;
import dev.loam.core.ChainHash;
import dev.loam.core.ChainHistory;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.Gate;
import dev.loam.core.LoamException;
import dev.loam.core.Operation;
import dev.loam.core.Part;
import dev.loam.core.Position;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.core.Verdict;
import dev.loam.crypto.DeviceIdentity;
import dev.loam.log.LogItem;
import dev.loam.sync.ActorHead;
import dev.loam.sync.Amount;
import dev.loam.sync.BatchRanges;
import dev.loam.sync.EndReason;
import dev.loam.sync.LocalSummary;
import dev.loam.sync.Pruning;
import dev.loam.sync.SequenceRange;
import dev.loam.sync.SyncEffect;
import dev.loam.sync.SyncEntry;
import dev.loam.sync.SyncInput;
import dev.loam.sync.Terms;
import dev.loam.sync.VaultSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a sync session may ask of a store: who is in, what is held, reading, applying. */
final class SyncExchange {
    private static final int NONCE_SIZE = 8;
    private static final int SEED_SIZE = 16;

    /** Own batches that stand under one seal at most. */
    private static final int SEAL_EVERY = 100;

    private final Store store;
    private final DeviceId peer;
    private final SyncOptions options;

    /** Where the next read of a vault goes on in the log; forgotten with the session. */
    private final Map<VaultId, Position> readFrom = new TreeMap<>();

    SyncExchange(Store store, DeviceId peer, SyncOptions options) {
        this.store = store;
        this.peer = peer;
        this.options = options;
    }

    /** Lets the paired device into every vault, of those chosen, that it is not in yet. */
    void letPeerIn() {
        Peer known =
                store.peers()
                        .find(peer)
                        .orElseThrow(
                                () ->
                                        new LoamException(
                                                ErrorCode.FORBIDDEN,
                                                "the device " + peer + " is not paired"));
        if (store.state().vaults().values().stream().noneMatch(this::isToBeLetInto)) {
            return;
        }
        store.write(
                stage -> {
                    for (VaultState vault : stage.state().vaults().values()) {
                        if (isToBeLetInto(vault)) {
                            settleWhatWasLetGo(stage, vault);
                            VaultState settled = stage.vault(vault.id());
                            refuseIfLetGo(settled);
                            enrol(stage, settled, known.publicKey());
                        }
                    }
                    return Optional.empty();
                });
    }

    private boolean isToBeLetInto(VaultState vault) {
        return options.includes(vault.id())
                && StoreState.actorOf(vault, peer).isEmpty()
                && store.ownActors().in(vault).isPresent();
    }

    /** Whoever is new to a vault needs all of its batches, or a snapshot and all above it. */
    private void refuseIfLetGo(VaultState vault) {
        if (!hasAllAboveHorizon(vault)) {
            throw new LoamException(
                    ErrorCode.HISTORY_GONE,
                    "the vault \""
                            + vault.name()
                            + "\" was compacted before this device was paired, and what was let go"
                            + " cannot be sent. Export its memories and import them there");
        }
    }

    /**
     * What a compaction let go is settled if nobody else can need it: then a newcomer takes a
     * snapshot instead.
     */
    private void settleWhatWasLetGo(Stage stage, VaultState vault) {
        if (hasAllAboveHorizon(vault)) {
            return;
        }
        vault.cut(store.ownActor(vault)).ifPresent(cut -> append(stage, vault, cut));
    }

    private boolean hasAllAboveHorizon(VaultState vault) {
        return vault.actors().entrySet().stream()
                .filter(actor -> actor.getValue().tip().sequence() > 0)
                .allMatch(
                        actor ->
                                store.runs()
                                        .hasAllAfter(
                                                vault.id(),
                                                actor.getKey(),
                                                vault.horizon().get(actor.getKey()).sequence()));
    }

    private void enrol(Stage stage, VaultState vault, Bytes publicKey) {
        append(
                stage,
                vault,
                new Operation.Enrol(publicKey, store.environment().randomBytes(NONCE_SIZE)));
    }

    private void append(Stage stage, VaultState vault, Operation.Control control) {
        Stage.Draft draft =
                stage.draft(
                        vault.id(),
                        store.ownActor(vault),
                        store.environment().now().toEpochMilli());
        stage.stage(
                draft.id(),
                draft.batch(
                        List.of(new Part("", List.of(control))),
                        store.environment().randomBytes(SEED_SIZE)));
    }

    /** The vaults that the peer is in, as they are durable now. */
    SyncInput started() {
        Terms.Mode mode =
                switch (options.duration()) {
                    case UNTIL_DONE -> Terms.Mode.ONCE;
                    case LIVE -> Terms.Mode.LIVE;
                };
        Terms.Scope scope = options.vaults().isPresent() ? Terms.Scope.LISTED : Terms.Scope.ALL;
        return new SyncInput.Started(durable(), new Terms(mode, scope, options.bytesMax()));
    }

    /** The same again, with what came since. */
    SyncInput news() {
        letPeerIn();
        return new SyncInput.News(durable());
    }

    private LocalSummary durable() {
        LocalSummary summaries = summaries();
        store.forceBeforeTelling();
        return summaries;
    }

    private LocalSummary summaries() {
        return store.ask(
                stage -> {
                    List<VaultSummary> summaries = new ArrayList<>();
                    for (VaultState vault : stage.state().vaults().values()) {
                        if (options.includes(vault.id())
                                && (StoreState.actorOf(vault, peer).isPresent()
                                        || store.ownActors().wantsSnapshot(vault))) {
                            summaries.add(summary(vault));
                        }
                    }
                    options.vaults().ifPresent(chosen -> addUnknown(chosen, stage, summaries));
                    return LocalSummary.of(summaries);
                });
    }

    /** A vault that was chosen is listed before it is known here, so that it may be sent. */
    private static void addUnknown(Set<VaultId> chosen, Stage stage, List<VaultSummary> summaries) {
        for (VaultId vault : chosen) {
            if (!stage.state().vaults().containsKey(vault)) {
                summaries.add(
                        new VaultSummary(
                                vault, Optional.empty(), new TreeMap<>(), new TreeSet<>()));
            }
        }
    }

    private VaultSummary summary(VaultState vault) {
        if (store.ownActors().wantsSnapshot(vault)) {
            return new VaultSummary(
                    vault.id(),
                    Optional.empty(),
                    new TreeMap<>(),
                    new TreeSet<>(),
                    Pruning.wantingSnapshot());
        }
        TreeMap<ActorId, ActorHead> heads = new TreeMap<>();
        TreeSet<ActorId> own = new TreeSet<>();
        boolean whole = true;
        for (Map.Entry<ActorId, ActorState> entry : vault.actors().entrySet()) {
            ActorId actor = entry.getKey();
            ActorState state = entry.getValue();
            boolean mine = state.device().equals(store.device());
            if (isOwn(vault, actor)) {
                own.add(actor);
            }
            if (state.tip().sequence() == 0) {
                continue;
            }
            Optional<RunTable.Sealed> sealed = store.runs().sealed(vault.id(), actor);
            boolean isSettled = state.tip().sequence() <= vault.horizon().get(actor).sequence();
            if (mine || isSettled) {
                heads.put(actor, new ActorHead(state.tip().sequence(), state.hash()));
            } else {
                sealed.ifPresent(
                        each -> heads.put(actor, new ActorHead(each.sequence(), each.hash())));
                whole &= sealed.map(RunTable.Sealed::sequence).orElse(0L) == state.tip().sequence();
            }
        }
        return new VaultSummary(
                vault.id(),
                whole ? Optional.of(vault.digest().toBytes()) : Optional.empty(),
                heads,
                own,
                pruning(vault));
    }

    private Pruning pruning(VaultState vault) {
        SortedMap<ActorId, Long> horizon = new TreeMap<>();
        vault.horizon().tips().forEach((actor, tip) -> horizon.put(actor, tip.sequence()));
        SortedSet<ActorId> excluded = new TreeSet<>();
        vault.actors()
                .forEach(
                        (actor, state) -> {
                            if (state.isExcluded()) {
                                excluded.add(actor);
                            }
                        });
        return new Pruning(horizon, excluded, Pruning.Want.MISSING);
    }

    // ---- measuring

    /** Exactly: what the run table has not counted is counted in the log. */
    SyncInput measure(SyncEffect.Measure measure) {
        try {
            SortedMap<VaultId, Amount> amounts = new TreeMap<>();
            measure.batches().forEach((vault, ranges) -> amounts.put(vault, amount(vault, ranges)));
            return new SyncInput.Measured(amounts);
        } catch (LoamException failed) {
            return new SyncInput.Stopped(EndReason.STORE_FAILED);
        }
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

    // ---- reading

    SyncInput read(SyncEffect.Read read) {
        try {
            return new SyncInput.BatchesRead(read.vault(), entries(read));
        } catch (LoamException failed) {
            return new SyncInput.Stopped(EndReason.STORE_FAILED);
        }
    }

    /**
     * Goes on in the log where the last answer for the vault ended. What was not told then, because
     * its seal was missing, may lie before that: then it begins anew.
     */
    private List<SyncEntry> entries(SyncEffect.Read read) {
        Position from = readFrom.get(read.vault());
        if (from != null) {
            List<SyncEntry> found = entries(read, from);
            if (!found.isEmpty() && read.wanted().isBegunBy(found)) {
                return found;
            }
        }
        return entries(read, firstOf(read.vault(), read.wanted()));
    }

    private List<SyncEntry> entries(SyncEffect.Read read, Position from) {
        List<LogEntry> found = new ArrayList<>();
        long weight = 0;
        Position last = from;
        Position forced = store.log().forced();
        try (LogWalk reader = LogWalk.after(store.log(), from)) {
            while (reader.hasNext() && found.size() < SEAL_EVERY) {
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
        return sealed(read.vault(), found);
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
     * Signs the last batch of each of this device's actors: a signature covers its author's chain
     * up to it, and a device that two members let in at once has two.
     */
    private List<SyncEntry> sealed(VaultId vault, List<LogEntry> entries) {
        SortedMap<ActorId, Integer> lastOwn = new TreeMap<>();
        for (int i = 0; i < entries.size(); i++) {
            if (isOfThisDevice(vault, entries.get(i).id().actor())) {
                lastOwn.put(entries.get(i).id().actor(), i);
            }
        }
        List<SyncEntry> sealed = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            LogEntry entry = entries.get(i);
            Optional<Bytes> seal =
                    Objects.equals(lastOwn.get(entry.id().actor()), i)
                            ? Optional.of(
                                    store.identity()
                                            .sign(Chain.sealMessage(entry.id(), entry.hash())))
                            : entry.seal();
            sealed.add(
                    new SyncEntry(entry.id().actor(), entry.id().sequence(), entry.batch(), seal));
        }
        return sealed;
    }

    private boolean isOfThisDevice(VaultId vault, ActorId actor) {
        ActorState author = store.state().vault(vault).actors().get(actor);
        return author != null && author.device().equals(store.device());
    }

    /** Whether this store writes as that actor; it may have been another of its device before. */
    private boolean isOwn(VaultState vault, ActorId actor) {
        return store.ownActors().in(vault).filter(actor::equals).isPresent();
    }

    // ---- applying

    SyncInput apply(SyncEffect.Apply apply) {
        try {
            Map<BatchId, Bytes> seals = verifiedSeals(apply);
            Optional<EndReason> refused = store.write(stage -> admit(stage, apply, seals));
            store.forceBeforeTelling();
            return refused.<SyncInput>map(
                            reason -> new SyncInput.ApplyFailed(apply.vault(), reason))
                    .orElseGet(() -> new SyncInput.Applied(apply.vault()));
        } catch (LoamException failed) {
            EndReason reason =
                    switch (failed.code()) {
                        case FORBIDDEN -> EndReason.BAD_SEAL;
                        case DIVERGED -> EndReason.FORK;
                        case CORRUPT -> EndReason.PROTOCOL;
                        case FORMAT_VERSION -> EndReason.UPGRADE_REQUIRED;
                        case LIMIT_EXCEEDED -> EndReason.LIMIT_EXCEEDED;
                        default -> EndReason.STORE_FAILED;
                    };
            return new SyncInput.ApplyFailed(apply.vault(), reason);
        }
    }

    /**
     * Follows the chains from what is held here and checks each signature. Signatures are slow, so
     * this runs before the writer thread sees the batches.
     */
    private Map<BatchId, Bytes> verifiedSeals(SyncEffect.Apply apply) {
        VaultState vault = store.state().vault(apply.vault());
        SortedMap<ActorId, Bytes> keys = new TreeMap<>();
        SortedMap<ActorId, ChainHash> hashes = new TreeMap<>();
        vault.actors()
                .forEach(
                        (actor, state) -> {
                            keys.put(actor, state.publicKey());
                            hashes.put(actor, state.hash());
                        });
        Map<BatchId, Bytes> seals = new LinkedHashMap<>();
        for (SyncEntry entry : apply.entries()) {
            BatchId id = entry.id(apply.vault());
            if (entry.sequence() <= vault.frontier().get(entry.actor()).sequence()) {
                continue;
            }
            learnKeys(apply.vault(), entry, keys);
            ChainHash hash =
                    Chain.next(id, hashes.getOrDefault(entry.actor(), Chain.START), entry.batch());
            hashes.put(entry.actor(), hash);
            if (entry.seal().isPresent()) {
                Bytes seal = entry.seal().get();
                Bytes key = keys.get(entry.actor());
                if (key == null || !DeviceIdentity.verify(key, Chain.sealMessage(id, hash), seal)) {
                    throw notSealed(entry.actor(), Optional.ofNullable(key));
                }
                seals.put(id, seal);
            }
        }
        return seals;
    }

    /**
     * Whoever holds the author's key could seal anything. So where that is the peer, or this very
     * device, a seal that does not fit the chain held here is one of another history.
     */
    private LoamException notSealed(ActorId author, Optional<Bytes> key) {
        boolean isOfEitherSide =
                key.map(DeviceIdentity::idOf)
                        .filter(device -> device.equals(peer) || device.equals(store.device()))
                        .isPresent();
        return isOfEitherSide
                ? new LoamException(
                        ErrorCode.DIVERGED, "actor " + author + " has another history elsewhere")
                : new LoamException(
                        ErrorCode.FORBIDDEN, "a batch of " + author + " is not sealed by it");
    }

    /** Authors may be let in by batches of this very run. */
    private static void learnKeys(VaultId vault, SyncEntry entry, SortedMap<ActorId, Bytes> keys) {
        Batch batch = BatchCodec.decode(entry.batch());
        if (batch.parts().isEmpty() || !batch.parts().getFirst().key().isEmpty()) {
            return;
        }
        for (Operation operation : batch.parts().getFirst().operations()) {
            switch (operation) {
                case Operation.Found(String name, Bytes key, Bytes nonce) ->
                        keys.putIfAbsent(ActorId.of(DeviceIdentity.idOf(key), vault, nonce), key);
                case Operation.Enrol(Bytes key, Bytes nonce, var _) ->
                        keys.putIfAbsent(ActorId.of(DeviceIdentity.idOf(key), vault, nonce), key);
                default -> {}
            }
        }
    }

    /** The reason why not all could be applied; then none is. */
    private Optional<EndReason> admit(
            Stage outer, SyncEffect.Apply apply, Map<BatchId, Bytes> seals) {
        try (Stage stage = outer.nested()) {
            Optional<EndReason> refused = admitInto(stage, apply, seals);
            if (refused.isEmpty()) {
                outer.absorb(stage);
            }
            return refused;
        }
    }

    private Optional<EndReason> admitInto(
            Stage stage, SyncEffect.Apply apply, Map<BatchId, Bytes> seals) {
        long wall = store.environment().now().toEpochMilli();
        for (SyncEntry entry : apply.entries()) {
            BatchId id = entry.id(apply.vault());
            Batch batch = BatchCodec.decode(entry.batch());
            Verdict verdict =
                    Gate.judge(
                            stage.vault(apply.vault()),
                            id,
                            batch,
                            entry.batch(),
                            history(stage, apply.vault()),
                            wall);
            switch (verdict) {
                case Verdict.Duplicate() -> {}
                case Verdict.Apply(ChainHash hash) -> {
                    // Nobody has later batches of this store's than it has itself, unless it was
                    // taken back.
                    if (isOwn(stage.vault(apply.vault()), entry.actor())) {
                        return Optional.of(EndReason.FORK);
                    }
                    stage.stage(
                            new LogEntry(
                                    id, hash, Optional.ofNullable(seals.get(id)), entry.batch()),
                            batch);
                }
                case Verdict.Park(var reason) -> {
                    store.parked()
                            .add(
                                    new Parked(
                                            peer,
                                            apply.vault(),
                                            entry.actor(),
                                            entry.sequence(),
                                            reason.name(),
                                            Instant.ofEpochMilli(batch.stamp().millis())));
                    return Optional.of(
                            switch (reason) {
                                case CLOCK -> EndReason.CLOCK_AHEAD;
                                case EXCLUDED -> EndReason.REBASE_REQUIRED;
                                case GAP, DEPS, HISTORY -> EndReason.PROTOCOL;
                            });
                }
                case Verdict.Refuse(var reason, String why) -> {
                    return Optional.of(
                            switch (reason) {
                                case FORK -> EndReason.FORK;
                                case UPGRADE_REQUIRED -> EndReason.UPGRADE_REQUIRED;
                                case NOT_ENROLLED -> EndReason.REFUSED;
                                case REBASE -> EndReason.REBASE_REQUIRED;
                                case BELOW_HORIZON -> EndReason.BELOW_HORIZON;
                                case BAD_CUT -> EndReason.BAD_CUT;
                                case PROTOCOL -> EndReason.PROTOCOL;
                            });
                }
            }
        }
        return Optional.empty();
    }

    /** Older batches than the tips are looked up in the log; seldom, only for late news. */
    private ChainHistory history(Stage stage, VaultId vault) {
        return (actor, sequence) -> {
            BatchId wanted = new BatchId(vault, actor, sequence);
            return stage.entry(wanted)
                    .or(() -> logged(wanted))
                    .map(entry -> Chain.prefix(entry.hash()));
        };
    }

    private Optional<LogEntry> logged(BatchId wanted) {
        Optional<Position> start =
                store.runs().startAfter(wanted.vault(), wanted.actor(), wanted.sequence() - 1);
        if (start.isEmpty()) {
            return Optional.empty();
        }
        long left = RunTable.SPAN;
        try (LogWalk reader = LogWalk.after(store.log(), new Position(start.get().number() - 1))) {
            while (reader.hasNext() && left-- > 0) {
                if (reader.next() instanceof LogItem.Entry(Position at, Bytes payload)) {
                    LogEntry entry = LogEntry.decode(payload);
                    if (entry.id().equals(wanted)) {
                        return Optional.of(entry);
                    }
                }
            }
        }
        return Optional.empty();
    }
}

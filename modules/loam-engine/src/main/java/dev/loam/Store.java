package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.core.RecordId;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.crypto.DeviceIdentity;
import dev.loam.index.IndexSnapshot;
import dev.loam.index.RecordChange;
import dev.loam.index.RecordIndex;
import dev.loam.log.LogOptions;
import dev.loam.log.OpLog;
import dev.loam.log.SegmentDraft;
import dev.loam.log.SegmentInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The parts of an open store and how they stand to each other: the log is the ground, the index is
 * derived from it, the writer moves both forward, everybody else reads. {@link #state} is published
 * by the writer by one volatile write, and so is the index that {@link LiveIndex} holds.
 */
final class Store implements Writer.Ground, AutoCloseable {
    private final StoreFolder folder;
    private final LoamOptions options;
    private final Environment environment;
    private final OpLog log;
    private final RecordPlaces places;
    private final DeviceIdentity identity;
    private final PeerBook peers;
    private final PeerContacts contacts;
    private final Incarnation incarnation;
    private final PeerLinks links = new PeerLinks();
    private final ParkedBatches parked;
    private final WaitingArea waiting;
    private final Unparking unparking;
    private final Unacknowledged unacknowledged = new Unacknowledged(this);
    private final LiveIndex index;
    private final Writer writer;
    private final OpenReport report;
    private final PurgeNotes purgeNotes;
    private final Forgetting forgetting = new Forgetting(this);
    private final AuditTrail audit;
    private final List<String> damage;

    private final AtomicInteger pendingWrites = new AtomicInteger();
    private volatile boolean closed;
    private volatile StoreState state;
    private final MadeSnapshots madeSnapshots = new MadeSnapshots(this);
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    // Touched by the writer thread alone.
    private final RecentStates recentStates = new RecentStates();
    private RunTable runs;
    private final ContextMarks contextMarks = new ContextMarks();
    private SortedMap<VaultId, Bytes> adopted;
    private final IndexCommits commits;

    private Store(StoreFolder folder, Environment environment, OpLog log, LoamOptions options) {
        this.folder = folder;
        this.options = options;
        this.environment = environment;
        this.log = log;
        this.places = new RecordPlaces(folder, log);
        this.identity =
                new DeviceFile(folder)
                        .readOrMake(log.end().equals(Position.START), environment.random());
        this.peers = new PeerBook(folder);
        this.contacts = new PeerContacts(folder);
        this.parked = new ParkedBatches(contacts.waiting());
        this.waiting = WaitingArea.open(folder);
        this.purgeNotes = new PurgeNotes(folder);
        this.unparking = new Unparking(this, waiting);
        this.incarnation = new Incarnation(folder, identity.id());
        this.audit =
                new AuditTrail(
                        folder, log.store(), environment, identity, () -> log.end().number());
        IndexBuild.deleteTree(folder.resolve(Compaction.FOLDING));
        SnapshotFiles.forgetMade(folder);
        this.index = LiveIndex.open(folder, log, options.embedder().map(Embedder::model));
        try {
            boolean fresh = index.isNew();
            Recovery recovery = index.catchUp();
            state = recovery.state();
            runs = recovery.reached().runs();
            // The commit may be of just before a compaction that was killed when it was listed.
            Compaction.presentStates(log).ifPresent(this::letGo);
            adopted = recovery.reached().adopted();
            damage = List.copyOf(recovery.damage());
            commits = new IndexCommits(environment, recovery.replayed(), this::commitIndex);
            List<String> notes = new ArrayList<>(log.report().notes());
            notes.addAll(damage);
            incarnation
                    .settle(
                            state.vaults().values(),
                            () -> environment.randomBytes(ActorId.NONCE_SIZE))
                    .ifPresent(notes::add);
            report =
                    new OpeningEvents(audit, folder, options)
                            .record(
                                    new OpenReport(
                                            log.report().cleanlyClosed(),
                                            recovery.replayed(),
                                            fresh && log.end().isAfter(Position.START),
                                            notes),
                                    damage.size());
        } catch (RuntimeException | Error failure) {
            index.close();
            throw failure;
        }
        this.writer = new Writer(this, "loam-writer");
    }

    static Store open(Path directory, LoamOptions options) {
        return open(directory, options, standard -> standard);
    }

    static Store open(Path directory, LoamOptions options, UnaryOperator<LogOptions> adjusted) {
        return open(
                directory,
                options,
                new Environment(options.clock()),
                (path, standard) -> OpLog.open(path, adjusted.apply(standard)));
    }

    /**
     * The same with another environment than the system's, the options' clock aside, and with a log
     * that writes to something else than the disk.
     */
    static Store open(
            Path directory,
            LoamOptions options,
            Environment environment,
            BiFunction<Path, LogOptions, OpLog> opener) {
        StoreOpening opening = new StoreOpening(directory, options, environment);
        Store store =
                opening.open(opener, (folder, log) -> new Store(folder, environment, log, options));
        try {
            store.start();
            return store;
        } catch (RuntimeException | Error failure) {
            try {
                store.close();
            } catch (RuntimeException also) {
                failure.addSuppressed(also);
            }
            throw failure;
        }
    }

    private void start() {
        writer.start();
        if (damage.isEmpty()) {
            new Membership(this).letSelfIn(Optional.empty());
            Reemission.run(this);
            forgetting.carryOutIfDue();
        }
    }

    /** Keeps to what the log still has; whoever opens the store, then the writer's thread. */
    private void letGo(States.Vaults states) {
        states.state()
                .vaults()
                .keySet()
                .forEach(
                        vault ->
                                states.letGo(vault)
                                        .forEach(
                                                (actor, through) ->
                                                        runs.letGo(vault, actor, through)));
        contextMarks.begin(states);
    }

    // ---- reading

    StoreState state() {
        if (closed) {
            throw new LoamException(ErrorCode.CLOSED, "the store " + folder.path() + " is closed");
        }
        return state;
    }

    /** The state and the index together, as of one moment or later. */
    IndexSnapshot snapshot() {
        return index.snapshot();
    }

    /** What the log knows of how a record came to be. */
    RecordPast past(RecordId record) {
        return PastReader.read(this, record);
    }

    /** Another number after each compaction, and after each snapshot taken. */
    long firstSegment() {
        return log.segments().stream().findFirst().map(SegmentInfo::number).orElse(0L);
    }

    RecordIndex index() {
        return index.current();
    }

    /** Where in the log the operations of each record lie. */
    RecordPlaces places() {
        return places;
    }

    OpLog log() {
        return log;
    }

    OpenReport report() {
        return report;
    }

    AuditTrail audit() {
        return audit;
    }

    DeviceIdentity identity() {
        return identity;
    }

    DeviceId device() {
        return identity.id();
    }

    PeerBook peers() {
        return peers;
    }

    PeerContacts contacts() {
        return contacts;
    }

    PeerLinks links() {
        return links;
    }

    MadeSnapshots madeSnapshots() {
        return madeSnapshots;
    }

    ParkedBatches parked() {
        return parked;
    }

    /** The batches that the gate parked. */
    WaitingArea waiting() {
        return waiting;
    }

    Unparking unparking() {
        return unparking;
    }

    Environment environment() {
        return environment;
    }

    LoamOptions options() {
        return options;
    }

    /** Only from a {@link Task}: the table belongs to the writer thread. */
    RunTable runs() {
        return runs;
    }

    /** Only from a {@link Task}: the marks belong to the writer thread. */
    ContextMarks contextMarks() {
        return contextMarks;
    }

    /** What this store has applied of others and not acknowledged. */
    Unacknowledged unacknowledged() {
        return unacknowledged;
    }

    /** Where purges may be that are not carried out. */
    PurgeNotes purgeNotes() {
        return purgeNotes;
    }

    Forgetting forgetting() {
        return forgetting;
    }

    /** Whether the log is whole: else nothing may be written. */
    boolean isWritable() {
        return damage.isEmpty();
    }

    /** Whether the device was revoked in a vault that this store has. Any thread. */
    boolean isRevoked(DeviceId device) {
        return state().vaults().values().stream()
                .anyMatch(vault -> vault.revoked().contains(device));
    }

    /** The actor as which this store writes in a vault that exists; the writer's thread. */
    ActorId ownActor(VaultState vault) {
        return incarnation.author(vault);
    }

    /** As which actor this store writes in each vault. */
    OwnActors ownActors() {
        return incarnation.actors();
    }

    // ---- writing

    /** Called on the writer thread after a change is visible: return at once, and do not throw. */
    void onChange(Runnable changed) {
        listeners.add(changed);
    }

    void noLongerOnChange(Runnable changed) {
        listeners.remove(changed);
    }

    <R> R write(Task<R> task) {
        if (!damage.isEmpty()) {
            throw new LoamException(
                    ErrorCode.READ_ONLY,
                    "the log is damaged and the store takes no writes: " + damage.getFirst());
        }
        pendingWrites.incrementAndGet();
        try {
            return writer.submit(task);
        } finally {
            pendingWrites.decrementAndGet();
        }
    }

    /** Calls of {@link #write} that have neither returned nor thrown. Any thread. */
    int pendingWrites() {
        return pendingWrites.get();
    }

    <R> R ask(Task<R> task) {
        return writer.submit(task);
    }

    /** Returns when all that was visible before the call is on the disk, and vouched for. */
    void flush() {
        ask(
                stage -> {
                    log.force();
                    return Position.START;
                });
    }

    /**
     * Returns when all that was answered before the call is on the disk: to be called before
     * anybody outside is told of it. After a power cut the positions of what was not are given out
     * again, and whoever had seen the first ones would diverge.
     */
    void forceBeforeTelling() {
        if (log.end().isAfter(log.forced())) {
            ask(
                    stage -> {
                        forceLog();
                        return Position.START;
                    });
        }
    }

    /** The writer's thread, or whoever closes when that has ended. */
    private void forceLog() {
        if (log.end().isAfter(log.forced())) {
            log.force();
        }
    }

    <R> R writeAlone(Task<R> task) {
        return writer.submitAlone(task);
    }

    @Override
    public Stage begin() {
        IndexSnapshot snapshot = index.snapshot();
        return new Stage(state, snapshot, log.end(), id -> recentStates.state(id, snapshot));
    }

    @Override
    public void publish(Stage stage) {
        List<LogEntry> entries = stage.entries();
        if (entries.isEmpty()) {
            return;
        }
        Position before = log.end();
        List<Bytes> payloads = new ArrayList<>(entries.size());
        entries.forEach(entry -> payloads.add(entry.encode()));
        purgeNotes.appending(stage, before);
        log.append(payloads);
        StoreState next = stage.state();
        List<RecordChange> changes = stage.changes();
        index.current().apply(changes, log.end());
        recentStates.applied(changes);
        places.appended(entries, stage.batches(), before);
        Position position = before;
        for (int i = 0; i < entries.size(); i++) {
            position = position.next();
            runs.add(entries.get(i), stage.batches().get(i).operationCount(), position);
            BatchId id = entries.get(i).id();
            unacknowledged.applied(next.vault(id.vault()), id.actor(), stage.batches().get(i));
        }
        state = next;
        commits.applied(entries.size());
        if (options.durability() == Durability.FULL) {
            commits.andAwait(index.current());
        }
        listeners.forEach(Runnable::run);
    }

    @Override
    public void idle() {
        if (damage.isEmpty()) {
            commits.ifDue();
        }
    }

    private void commitIndex() {
        forceLog();
        index.checkpoint(state, runs, adopted);
    }

    /** Leaves nothing in the index's files of what was replaced in it; the writer's thread. */
    void expungeIndex() {
        index.current().expungeWithNextCheckpoint();
        commits.andAwait(index.current());
    }

    /** Replays the whole log into a new index beside the old one and puts it in its place. */
    Recovery rebuild(Progress progress, int commitEvery) {
        return writeAlone(
                stage -> {
                    forceLog();
                    return rebuildNow(progress, commitEvery);
                });
    }

    private Recovery rebuildNow(Progress progress, int commitEvery) {
        Recovery recovery = index.rebuild(progress, commitEvery);
        recentStates.clear();
        state = recovery.state();
        runs = recovery.reached().runs();
        adopted = recovery.reached().adopted();
        Compaction.presentStates(log).ifPresent(this::letGo);
        commits.isAbreast();
        return recovery;
    }

    /**
     * Lists a draft in place of the whole log, and builds the index from it. Reads go on meanwhile,
     * writes wait. A failure after the draft was listed ends all writing until a reopen, which
     * finds an index of another log.
     *
     * @param isWanted asked once no write can come between
     * @param make gives a sealed and verified draft; on the writer thread
     * @return whether it was wanted
     */
    boolean adopt(BooleanSupplier isWanted, Function<OpLog, SegmentDraft> make) {
        return writeAlone(
                stage -> {
                    if (!isWanted.getAsBoolean()) {
                        return false;
                    }
                    forceLog();
                    try (SegmentDraft draft = make.apply(log)) {
                        index.discardBuild();
                        log.replace(draft);
                    }
                    try {
                        rebuildNow(Progress.NONE, Recovery.COMMIT_EVERY);
                    } catch (LoamException failed) {
                        throw new AssertionError("the index of a new log was not built", failed);
                    }
                    listeners.forEach(Runnable::run);
                    return true;
                });
    }

    /**
     * Lists a verified draft in place of what it stands for. The index must cover that before: what
     * is let go could not be replayed into an older one.
     *
     * @param plan by which it was made
     * @param first what {@link #firstSegment} was when the draft was begun
     */
    void replaceLog(SegmentDraft draft, CompactionPlan plan, long first) {
        writeAlone(
                stage -> {
                    refuseIfReplaced(first);
                    if (plan.isSharedIn(state)) {
                        throw new LoamException(
                                ErrorCode.OVERLOADED,
                                "a device was let in while the log was compacted; nothing was"
                                        + " replaced, try again");
                    }
                    plan.rewritten().forEach(runs::recount);
                    commits.andAwait(index.current());
                    index.discardBuild();
                    log.replace(draft);
                    letGo(plan.states());
                    return Optional.empty();
                });
    }

    /**
     * To be asked on the writer's thread.
     *
     * @param first what {@link #firstSegment} was
     */
    void refuseIfReplaced(long first) {
        if (first != firstSegment()) {
            throw new LoamException(
                    ErrorCode.OVERLOADED,
                    "the log was replaced while it was rewritten; nothing was replaced, try again");
        }
    }

    Path directory() {
        return folder.path();
    }

    StoreFolder folder() {
        return folder;
    }

    @Override
    public void close() {
        closed = true;
        writer.stop();
        try {
            if (!writer.isPoisoned() && damage.isEmpty()) {
                if (commits.isBehind()) {
                    commits.now();
                }
                // Also for one that was asked for just before: else it would be given up.
                index.current().awaitCheckpoint();
            }
        } finally {
            try {
                index.close();
                if (!writer.isPoisoned()) {
                    places.close();
                }
            } finally {
                // Before the log gives up the lock.
                audit.close();
                try {
                    log.close();
                } finally {
                    folder.keys().ifPresent(StoreKeys::close);
                }
            }
        }
    }
}
